// Reads codes with zxing-wasm, beside the page, so that neither video nor touch waits for it.
importScripts("zxing/reader.js"); // gives ZXingWASM
const LONGER_SIDE = 1280;
const QR = { formats: ["QRCodeModel2"], textMode: "Plain", tryHarder: true, maxNumberOfSymbols: 8 };
ZXingWASM.prepareZXingModule({ overrides: { locateFile: (name) => `zxing/${name}` }, fireImmediately: true });
const canvas = new OffscreenCanvas(LONGER_SIDE, LONGER_SIDE);
const pen = canvas.getContext("2d", { willReadFrequently: true });

const drawn = (image) => {
  const scale = Math.min(1, LONGER_SIDE / Math.max(image.width, image.height));
  const [width, height] = [Math.round(image.width * scale), Math.round(image.height * scale)];
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  pen.drawImage(image, 0, 0, width, height);
  image.close();
  return pen.getImageData(0, 0, width, height);
};
const nearest = (found, width, height) => {
  const away = ({ position: p }) => {
    const corners = [p.topLeft, p.topRight, p.bottomRight, p.bottomLeft];
    const middle = (axis) => corners.reduce((sum, corner) => sum + corner[axis], 0) / 4;
    return Math.hypot(middle("x") - width / 2, middle("y") - height / 2);
  };
  return found.filter((one) => one.isValid).sort((one, other) => away(one) - away(other))[0]?.text ?? "";
};
const read = async (image) => {
  const pixels = drawn(image);
  return nearest(await ZXingWASM.readBarcodes(pixels, QR), pixels.width, pixels.height);
};
const readPhoto = async (file) => {
  try {
    return await read(await createImageBitmap(file, { imageOrientation: "from-image" }));
  } catch {
    return ""; // no picture at all
  }
};

self.onmessage = async ({ data: { number, image, photo } }) => {
  if (photo) self.postMessage({ isPhoto: true, photo, text: await readPhoto(photo) });
  else self.postMessage({ number, text: await read(image).catch(() => "") });
};
