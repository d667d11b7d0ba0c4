import { describe, expect, test } from 'vitest';
import { drawDigitOnCanvas } from '../dataset/synthetic/index.js';
import type { GrayImage } from '../image.js';
import { createRandom, randomNormal } from '../random.js';
import { inkPolarity } from './polarity.js';
import { invert } from './resize.js';

function picture(grey: (x: number, y: number) => number, width = 96, height = 72): GrayImage {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    Math.max(0, Math.min(255, Math.round(grey(i % width, Math.floor(i / width))))),
  );
  return { width, height, data };
}

/** A 7 whose strokes are so wide. */
const isSeven = (x: number, y: number, pen: number) =>
  (Math.abs(y - 20) < pen / 2 && x > 34 && x < 62) ||
  (Math.abs(x - 60 + pen / 2) < pen / 2 && y > 18 && y < 58);

/** Dark, and light when it is inverted. */
function expectInk(dark: GrayImage) {
  expect([inkPolarity(dark), inkPolarity(invert(dark))]).toEqual(['dark', 'light']);
}

describe('thin strokes decide', () => {
  test.each([2, 4, 7, 14])('a pen of %i pixels', (pen) => {
    expectInk(picture((x, y) => (isSeven(x, y, pen) ? 30 : 220)));
  });

  test.each([
    ['pale on grey', 118, 140],
    ['dark on a shadow', 20, 60],
  ])('%s', (_, ink, ground) => {
    expectInk(picture((x, y) => (isSeven(x, y, 4) ? ink : ground)));
  });

  test('whatever lies round the sheet', () => {
    const table = (x: number, y: number) => x < 16 || x > 80 || y < 8 || y > 64;
    expectInk(picture((x, y) => (isSeven(x, y, 4) ? 40 : table(x, y) ? 30 : 220)));
  });

  test('on a small sheet too, though what lies round it is no wider than a stroke may be', () => {
    const isDesk = (x: number, y: number) => Math.min(x, y, 39 - x, 69 - y) < 8;
    const isOne = (x: number, y: number) => Math.abs(x - 20) < 2 && y >= 14 && y < 56;
    expectInk(picture((x, y) => (isDesk(x, y) ? 54 : isOne(x, y) ? 20 : 195), 40, 70));
  });

  test('pale ones too, beside a speck that is far stronger', () => {
    const isTable = (x: number, y: number) => Math.min(x, y, 95 - x, 95 - y) < 16;
    const isSpeck = (x: number, y: number) => x === 40 && y === 45;
    const grey = (x: number, y: number) =>
      isTable(x, y) ? 30 : isSpeck(x, y) ? 255 : isSeven(x, y, 4) ? 125 : 140;
    expectInk(picture(grey, 96, 96));
  });

  test('up to 26 pixels wide', () => {
    const isTable = (x: number, y: number) => x < 30 || x >= 370 || y < 30 || y >= 270;
    const isOne = (x: number, y: number) => x >= 188 && x < 212 && y >= 75 && y < 225;
    expectInk(picture((x, y) => (isTable(x, y) ? 30 : isOne(x, y) ? 40 : 220), 400, 300));
  });

  describe('the thinnest first', () => {
    /** An upright bar; each stands alone. */
    const isBar = (x: number, y: number, left: number, width: number, height: number) =>
      x >= left && x < left + width && y >= 20 && y < 20 + height;

    test('though a broad one of the other kind takes twenty times as much', () => {
      expectInk(
        picture((x, y) => (isBar(x, y, 100, 2, 100) ? 50 : isBar(x, y, 200, 20, 250) ? 250 : 150), 400, 300),
      );
    });

    test('though the next wider ones are mostly of the other kind, and the widest of their own', () => {
      const isDark = (x: number, y: number) =>
        isBar(x, y, 50, 2, 100) || isBar(x, y, 100, 4, 30) || isBar(x, y, 150, 24, 250);
      expectInk(picture((x, y) => (isDark(x, y) ? 50 : isBar(x, y, 300, 4, 120) ? 250 : 150), 400, 300));
    });
  });

  test('however little of a page they take, beside something bright', () => {
    const isBright = (x: number, y: number) => x < 60 && y > 220;
    expectInk(picture((x, y) => (isBright(x, y) ? 250 : isSeven(x / 1.5, y / 1.5, 2) ? 110 : 190), 400, 300));
  });

  test('through noise that black cuts off', () => {
    const random = createRandom(6);
    const noise = Float32Array.from({ length: 288 * 216 }, () => 8 * randomNormal(random));
    const isDigit = (x: number, y: number) => isSeven(x / 3, y / 3, 2);
    expectInk(picture((x, y) => 255 - (isDigit(x, y) ? 255 : 0) - noise[288 * y + x]!, 288, 216));
  });

  test('through grain', () => {
    const random = createRandom(5);
    expectInk(picture((x, y) => (isSeven(x, y, 4) ? 90 : 190) + 6 * randomNormal(random)));
  });

  test('thinner than the gaps between them', () => {
    expectInk(picture((x, y) => (y > 10 && y < 62 && x > 12 && x < 84 && (x - 12) % 24 < 9 ? 30 : 220)));
  });

  test('on a label that is no broader than a marker, too', () => {
    const isLabel = (x: number, y: number) => Math.abs(x - 200) < 30 && Math.abs(y - 150) < 40;
    const isOne = (x: number, y: number) => Math.abs(x - 200) < 6 && Math.abs(y - 150) < 25;
    expectInk(picture((x, y) => (isOne(x, y) ? 40 : isLabel(x, y) ? 220 : 30), 400, 300));
  });

  test('of both kinds alike do not; then wider ones do', () => {
    const isLine = (x: number, y: number, top: number) => y >= top && y < top + 2 && x > 20 && x < 76;
    expectInk(
      picture((x, y) => (isLine(x, y, 4) ? 60 : isLine(x, y, 66) ? 240 : isSeven(x, y, 9) ? 60 : 150)),
    );
  });

  test('not the cracks in something wide, which are few beside it', () => {
    const isWide = (x: number, y: number) => x < 35 && y >= 36;
    const isCrack = (x: number, y: number) =>
      (x >= 10 && x < 12 && y >= 44 && y < 64) || (x >= 20 && x < 26 && y >= 46 && y < 58);
    expectInk(picture((x, y) => ((isWide(x, y) && !isCrack(x, y)) || isSeven(x, y, 5) ? 40 : 230)));
  });

  test('not the many pale threads of the paper itself, beside dark ink', () => {
    const paper = (x: number) => (x % 6 === 0 ? 230 : 210);
    expectInk(picture((x, y) => (isSeven(x, y, 1.5) ? 30 : paper(x))));
  });

  test('not the rough edge of something wide, whose notches come in all widths', () => {
    const depth = (y: number, period: number) => (y % period < 0.35 * period ? period / 16 : 0);
    const edge = (y: number) => [2, 4, 8, 16, 32, 64].reduce((sum, period) => sum + depth(y, period), 60);
    expectInk(picture((x, y) => (x < edge(y) ? 40 : 220), 240, 180));
  });

  test('not the few pale threads of a dark cloth round it', () => {
    const isCloth = (x: number, y: number) => x < 20 || x > 76 || y < 8 || y > 64;
    const isThread = (x: number, y: number) => isCloth(x, y) && y % 24 === 3 && x % 3 === 0;
    expectInk(picture((x, y) => (isThread(x, y) ? 120 : isSeven(x, y, 6) ? 40 : isCloth(x, y) ? 60 : 220)));
  });

  test("not the gaps in a marker's", () => {
    // A ring of 40 pixels round a hole of 12.
    const isRing = (x: number, y: number) => {
      const far = Math.hypot(x - 200, y - 150);
      return far >= 6 && far < 46;
    };
    expectInk(picture((x, y) => (isRing(x, y) ? 50 : 210), 400, 300));
  });

  test.each([8, 9])('not the gaps that the strokes of a marker leave in a photographed %i', (digit) => {
    const grain = createRandom(9);
    const box = { x: 40, y: 40, width: 200, height: 200 };
    const size = { width: 280, height: 280 };
    const { data } = drawDigitOnCanvas({
      ...size,
      digit,
      random: createRandom(3, digit),
      box,
      penWidth: 0.2,
    });
    expectInk(picture((x, y) => 215 - (175 * data[280 * y + x]!) / 255 + 4 * randomNormal(grain), 280, 280));
  });

  test('nor the corners inside a thick one', () => {
    expectInk(
      picture((x, y) => (x > 20 && x < 76 && Math.abs(y - 36 - 0.4 * Math.abs(x - 48)) < 9 ? 30 : 220)),
    );
  });
});

describe("where there are none, what disagrees with the picture's rim is ink", () => {
  const isDisc = (x: number, y: number) => Math.hypot(x - 60, y - 60) < 17;

  test('a disc', () => {
    expectInk(picture((x, y) => (isDisc(x, y) ? 40 : 200), 120, 120));
  });

  test('a few specks are not enough strokes', () => {
    const speck = (x: number, y: number) => x === 5 && y === 5;
    expectInk(picture((x, y) => (speck(x, y) ? 255 : isDisc(x, y) ? 40 : 200), 120, 120));
  });
});

test('a picture below 48 pixels is judged by its rim', () => {
  const tiny = (width: number, height: number) =>
    picture(
      (x, y) => (Math.abs(x - width / 2) < width / 4 && Math.abs(y - height / 2) < height / 4 ? 30 : 220),
      width,
      height,
    );
  expectInk(tiny(28, 28));
  expectInk(tiny(47, 20));
});

test('from 48 pixels on, strokes decide', () => {
  /** A 1 on a sheet that lies on a dark table. */
  const sheet = (height: number) => {
    const isTable = (x: number, y: number) => Math.min(x, y, 39 - x, height - 1 - y) < 8;
    const isOne = (x: number, y: number) => Math.abs(x - 20) < 2 && y >= 14 && y < 34;
    return picture((x, y) => (isTable(x, y) ? 54 : isOne(x, y) ? 20 : 195), 40, height);
  };
  expect([inkPolarity(sheet(47)), inkPolarity(sheet(48))]).toEqual(['light', 'dark']);
});

test('a large picture is looked at as a small one', () => {
  expectInk(picture((x, y) => (isSeven(x / 8, y / 8, 4) ? 30 : 220), 768, 576));
});
