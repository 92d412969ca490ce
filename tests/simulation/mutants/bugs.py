"""Bugs that somebody could have written into the real code; the simulator has to notice each of them."""

from dataclasses import dataclass

SURVIVED = "survived"
"""What is said of a bug that no world has noticed."""


@dataclass(frozen=True)
class Mutant:
    """A text of a module and what stands there instead; `seed` is the world that noticed it last."""

    name: str
    module: str
    old: str
    new: str
    seed: int


MUTANTS = (
    Mutant(
        "replays_are_processed_again",
        "sync_server.devices.push",
        "if n == device.last_n + 1 and device.goes_on_with(command.raw):",
        "if n > 0:",
        3,
    ),
    Mutant(
        "gaps_are_accepted",
        "sync_server.devices.push",
        "if n > device.last_n + 1 and",
        "if n > device.last_n + 9_999 and",
        55,
    ),
    Mutant(
        "a_long_copy_leaves_a_gap",
        "sync_server.devices.push",
        " and not quarantine.goes_on_from(unit.session, device, command.raw)",
        "",
        228,
    ),
    Mutant(
        "clones_are_answered_as_replays",
        "sync_server.devices.push",
        "row is None or row.hash !=",
        "row is None or '' ==",
        65,
    ),
    Mutant(
        "clones_are_dropped",
        "sync_server.devices.push",
        "    quarantine.keep(unit.session, taken.chain, [one.raw for one in commands], reason, now_us)\n",
        "",
        65,
    ),
    Mutant(
        "revoked_devices_are_heard",
        "sync_server.devices.push",
        "return device.state is DeviceState.REVOKED",
        "return False",
        16,
    ),
    Mutant(
        "devices_that_share_a_transaction_share_verdicts",
        "sync_server.devices.push",
        "(v for v in fresh.get(taken.delivery.sender.origin, ()) if v.n in asked)",
        "(v for verdicts in fresh.values() for v in verdicts if v.n in asked)",
        10,
    ),
    Mutant(
        "chains_do_not_go_on",
        "sync_server.devices.push",
        "    keep_chains(session, chains.values(), moment.record_time_us)\n",
        "",
        0,
    ),
    Mutant(
        "changed_columns_are_forgotten",
        "sync_server.storage.columns",
        "if old[name] != new[name]",
        'if old[name] != new[name] and name != "holds"',
        10,
    ),
    Mutant(
        "checksum_forgets_what_was_there",
        "sync_server.feed.writing",
        "heads[former.scope].total -= share",
        "heads[former.scope].total -= 0 * share",
        0,
    ),
    Mutant(
        "sequences_are_given_twice",
        "sync_server.feed.writing",
        "        head.head += 1\n        entry:",
        "        head.head += entries == []\n        entry:",
        0,
    ),
    Mutant("horizon_is_ignored", "sync_server.feed.reading", "0 < cursors[scope].sequence < horizon", "False", 118),
    Mutant(
        "epoch_is_ignored_on_pull",
        "sync_server.feed.reading",
        "start = 0 if after.epoch != epoch else after.sequence",
        "start = after.sequence",
        0,
    ),
    Mutant(
        "rows_stay_in_scopes_they_left",
        "sync_server.unit",
        "left = scopes_of(before) - now if",
        "left = frozenset[str]() if",
        3,
    ),
    Mutant(
        "held_scans_are_never_released",
        "sync_server.intake",
        "        holds.release(unit, piece_id)\n",
        "        pass\n",
        1,
    ),
    Mutant("cards_stay_open", "sync_server.holds", "unit.put(conflict.model_copy(update=settled))", "pass", 1),
    Mutant(
        "everybody_gets_every_floor",
        "sync_server.scopes",
        "if person is None or not set(person.roles) <= ROAD_ROLES:",
        "if True:",
        17,
    ),
    Mutant(
        "retired_pieces_stay_on_the_floor",
        "sync_server.scopes",
        'frozenset[str]() if row.is_retired else frozenset({f"floor:{row.site_id}"})\n            return floor',
        'frozenset({f"floor:{row.site_id}"})\n            return floor',
        171,
    ),
    Mutant(
        "what_nobody_may_see_travels",
        "sync_server.scopes",
        "        case _:\n            return frozenset()\n",
        "        case _:\n            FIELDS[type(row)] = frozenset(type(row).model_fields)\n"
        "            _INCLUDED[type(row)] = set(FIELDS[type(row)])\n            return frozenset({CATALOG})\n",
        0,
    ),
    Mutant(
        "doors_do_not_follow_their_pieces",
        "sync_server.effects",
        "    written += _progressed(unit, written)\n",
        "",
        0,
    ),
    Mutant(
        "inspections_are_inferred",
        "shared.rules.targets",
        "if any(o.is_inspection for o in missing):",
        "if False:",
        82,
    ),
    Mutant(
        "rework_is_no_new_loop",
        "shared.rules.rework",
        "record(operation, loop_number + 1, OperationState.PLANNED",
        "record(operation, loop_number, OperationState.PLANNED",
        8,
    ),
    Mutant(
        "nothing_is_sent_again_after_a_restore",
        "mobile.sync.loop",
        "answered.send_again_from(store, identity.incarnation, answer.last_n + 1 if is_ours else 1)",
        "pass",
        154,
    ),
    Mutant(
        "what_a_copy_sent_counts_as_ours",
        "mobile.sync.loop",
        "answer.last_n + 1 if is_ours else 1",
        "answer.last_n + 1",
        470,
    ),
    Mutant("pages_of_a_restored_server_are_taken", "mobile.sync.loop", "        raise Restored\n", "", 4),
    Mutant(
        "former_enrolments_are_forgotten",
        "mobile.sync.loop",
        "        for one in former:\n            has_news |= await _push_former(platform, store, one)\n",
        "        del former\n",
        30,
    ),
    Mutant(
        "rows_without_their_cursor",
        "mobile.store.pages",
        "    _keep_cursor(store, copy, page.scope, page.next, checksum, is_whole=is_whole)\n    if is_whole and copy",
        "    if is_whole and copy",
        0,
    ),
    Mutant(
        "scopes_are_never_purged",
        "mobile.store.pages",
        "        _empty(store, _MIRROR, scope)\n        _empty(store, _SHADOW, scope)\n    news",
        "        pass\n    news",
        11,
    ),
    Mutant(
        "tombstones_are_ignored",
        "mobile.store.pages",
        "if row.op is RowOp.REMOVE:",
        "if row.op is RowOp.REMOVE and False:",
        8,
    ),
    Mutant(
        "a_new_copy_never_takes_over", "mobile.store.pages", "        _swap(store, page.scope)\n", "        pass\n", 0
    ),
    Mutant("numbers_start_anew_at_every_start", "mobile.store.outbox", "n = found[0] + 1 if found else 1", "n = 1", 0),
    Mutant(
        "the_chain_is_not_kept",
        "mobile.store.outbox",
        "previous = sha256_hex(found[1].encode()) if found else FIRST_PREVIOUS_HASH",
        "previous = FIRST_PREVIOUS_HASH",
        0,
    ),
    Mutant(
        "answers_do_not_stop_the_waiting",
        "mobile.store.answered",
        "            is_waiting=False,\n",
        "            is_waiting=True,\n",
        0,
    ),
    Mutant(
        "verdicts_are_kept_once_only",
        "mobile.store.answered",
        "        if found is None:\n            continue\n",
        "        if found is None or found.verdict is not None:\n            continue\n",
        0,
    ),
    Mutant(
        "the_overlay_is_never_dropped",
        "mobile.store.answered",
        "return (cursor.epoch, cursor.sequence) >=",
        "return (cursor.epoch, -cursor.sequence) >",
        0,
    ),
    Mutant(
        "nothing_is_durable",
        "mobile.store.database",
        'self.execute("COMMIT")',
        "self._roll_back()",
        0,
    ),
    Mutant(
        "the_word_of_a_photo_without_its_bytes",
        "mobile.photographs",
        "photo_files.add(desk.store, command.sha256, command.byte_count, command.media_type, desk.now_us())",
        "pass",
        0,
    ),
    Mutant(
        "photos_are_not_proved_again_after_a_restore",
        "mobile.store.photo_files",
        'col(PhotoFile.epoch) != bindparam("epoch")',
        'col(PhotoFile.epoch) < bindparam("epoch") * 0',
        182,
    ),
    Mutant(
        "scans_are_told_before_they_are_kept",
        "mobile.submit",
        "    with desk.store.transaction():\n        is_repeat",
        "    if True:\n        is_repeat",
        51,
    ),
    Mutant(
        "a_revoked_label_still_counts",
        "shared.rules.targets",
        "if label.state is LabelState.LIVE:",
        "if label.state is not LabelState.REPLACED:",
        39,
    ),
    Mutant(
        "a_copy_is_not_counted",
        "shared.rules.labels",
        'update={"copies": label.copies + 1}',
        'update={"copies": label.copies}',
        13,
    ),
    Mutant(
        "the_old_label_lives_on_beside_the_new_one",
        "shared.rules.labels",
        '{"state": LabelState.REVOKED, "replaced_by": fresh.id, ',
        '{"replaced_by": fresh.id, ',
        4,
    ),
    Mutant(
        "an_earlier_move_undoes_a_later_one",
        "shared.rules.racks",
        "if has_moved and (piece.rack_changed_us or 0) > context.event_time_us:",
        "if has_moved and (piece.rack_changed_us or 0) < 0:",
        7,
    ),
    Mutant(
        "a_piece_is_taken_off_a_rack_that_it_is_not_on",
        "shared.rules.racks",
        "if piece.rack_id != command.rack_id:",
        "if piece.rack_id == 'nowhere':",
        1,
    ),
    Mutant(
        "work_on_a_rack_counts_for_what_has_left_it",
        "shared.rules.racks",
        "if rack_id is None or piece.rack_id == rack_id or",
        "if rack_id is None or rack_id or",
        52,
    ),
)
