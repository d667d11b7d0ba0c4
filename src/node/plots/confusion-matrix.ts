import { CustomChart } from 'echarts/charts';
import { GridComponent, TitleComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { renderChart } from './chart.js';
import { cssColour, mix, type Rgb } from './colours.js';
import { PAGE_WIDTH } from './page.js';
import { style } from './style.js';

use([CustomChart, GridComponent, TitleComponent, SVGRenderer]);

export interface ConfusionPlot {
  /** `confusion[true class][predicted class]`, counts. */
  readonly confusion: readonly (readonly number[])[];
  readonly classes: readonly string[];
  readonly caption: string;
}

const TOP = 84;
/** Room for the axes' names and for one letter of the labels. */
const MARGIN = 56;
const RIGHT = 13;
const MAX_LABELLED = 12;
/** Every class has its name at the axes up to so many. */
const MAX_NAMED = 26;
const MAX_NAME = 11;

/** Draws the confusion matrix twice, as counts and as shares of each true class, as SVG. */
export function drawConfusionMatrix({ confusion, classes, caption }: ConfusionPlot): string {
  const sums = confusion.map((row) => row.reduce((sum, n) => sum + n, 0));
  const share = (row: number, column: number) =>
    sums[row] === 0 ? 0 : confusion[row]![column]! / sums[row]!;
  const worst = Math.max(
    1e-9,
    ...confusion.flatMap((row, r) => row.map((_, c) => (r === c ? 0 : share(r, c)))),
  );
  const names = classes.map((name) => (name.length > MAX_NAME ? `${name.slice(0, MAX_NAME - 1)}…` : name));
  // Long names stand upright below, and take room from the panels.
  const longest = Math.max(...names.map((name) => name.length));
  const labelRoom = longest > 2 ? longest * 7 : 0;
  const panel = PAGE_WIDTH / 2 - MARGIN - RIGHT - labelRoom;
  const height = TOP + panel + labelRoom + 86;
  const panels = [
    { title: 'Images', left: MARGIN + labelRoom, text: (r: number, c: number) => String(confusion[r]![c]) },
    {
      title: '% of the true class',
      left: MARGIN + labelRoom + PAGE_WIDTH / 2,
      text: (r: number, c: number) => percent(share(r, c)),
    },
  ];
  const axis = {
    type: 'category',
    data: names,
    axisTick: { show: false },
    axisLine: { show: false },
    axisLabel: {
      color: style.text,
      fontSize: classes.length > MAX_LABELLED ? 10 : 13,
      interval: classes.length <= MAX_NAMED ? 0 : 'auto',
    },
    nameLocation: 'middle',
    nameTextStyle: { color: style.muted, fontSize: 12 },
  } as const;
  const xLabels = { axisLabel: { ...axis.axisLabel, rotate: labelRoom > 0 ? 90 : 0 } };
  const option = {
    animation: false,
    backgroundColor: style.background,
    textStyle: { fontFamily: style.font, color: style.text },
    title: [
      {
        text: 'Confusion matrix: blue is right, orange is mistaken, the darker the more often',
        left: 'center',
        top: 14,
        textStyle: { fontSize: 17, fontWeight: 600, color: style.text },
      },
      ...panels.map(({ title, left }) => ({
        text: title,
        left: left + panel / 2,
        top: 54,
        textAlign: 'center' as const,
        textStyle: { fontSize: 14, fontWeight: 600, color: style.text },
      })),
      {
        text: caption,
        left: 'center',
        bottom: 8,
        textStyle: { fontSize: 12, fontWeight: 400, color: style.muted },
      },
    ],
    grid: panels.map(({ left }) => ({
      left,
      top: TOP,
      width: panel,
      height: panel,
      outerBoundsMode: 'none',
    })),
    xAxis: panels.map((_, gridIndex) => ({
      ...axis,
      gridIndex,
      ...xLabels,
      name: 'predicted',
      nameGap: 28 + labelRoom,
    })),
    yAxis: panels.map((_, gridIndex) => ({
      ...axis,
      gridIndex,
      name: 'true',
      nameGap: 30 + labelRoom,
      inverse: true,
    })),
    series: panels.map(({ text }, index) => ({
      type: 'custom',
      xAxisIndex: index,
      yAxisIndex: index,
      data: confusion.flatMap((row, r) => row.map((_, c) => [c, r])),
      renderItem: (_: unknown, api: CellApi) => {
        const [c, r] = [api.value(0), api.value(1)];
        const count = confusion[r]![c]!;
        const strength = r === c ? share(r, c) : share(r, c) / worst;
        return drawCell(api, {
          fill: cssColour(cellColour(count, r === c, strength)),
          text: count > 0 && classes.length <= MAX_LABELLED ? text(r, c) : '',
          textFill: count > 0 && strength > 0.62 ? '#ffffff' : style.text,
          isBold: r === c,
          fontSize: panel / classes.length < 30 ? 10 : 12,
        });
      },
    })),
  };
  return renderChart(option, { width: PAGE_WIDTH, height });
}

/** What echarts gives for drawing an item. */
interface CellApi {
  value(dimension: number): number;
  coord(point: number[]): number[];
  size(extent: number[]): number[];
}

function drawCell(
  api: CellApi,
  {
    fill,
    text,
    textFill,
    isBold,
    fontSize,
  }: { fill: string; text: string; textFill: string; isBold: boolean; fontSize: number },
) {
  const [x, y] = api.coord([api.value(0), api.value(1)]);
  const [width, height] = api.size([1, 1]);
  return {
    type: 'group',
    children: [
      {
        type: 'rect',
        shape: { x: x! - width! / 2, y: y! - height! / 2, width, height },
        style: { fill, stroke: style.line, lineWidth: 0.5 },
      },
      {
        type: 'text',
        style: {
          text,
          x,
          y,
          fill: textFill,
          align: 'center',
          verticalAlign: 'middle',
          font: `${isBold ? 600 : 400} ${fontSize}px ${style.font}`,
        },
      },
    ],
  };
}

const WHITE: Rgb = [255, 255, 255];
const BLUE: Rgb = [0, 90, 150];
const ORANGE: Rgb = [190, 80, 0];

function cellColour(count: number, isRight: boolean, strength: number): Rgb {
  if (count === 0) return WHITE;
  // The least of mistakes must still be seen.
  return isRight ? mix(WHITE, BLUE, strength) : mix(WHITE, ORANGE, 0.12 + 0.88 * strength);
}

/** At most four characters. */
function percent(fraction: number): string {
  const value = 100 * fraction;
  return value === 100 ? '100' : value < 0.05 ? '<0.1' : value.toFixed(1);
}
