"""Reaching the server from tablets on the factory's own network, over HTTPS, without anybody's certificate."""
