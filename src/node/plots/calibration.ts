import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { CalibrationBin } from '../../core/calibration.js';
import { wilsonInterval } from '../../core/statistics.js';
import { formatPercent } from '../format/percent.js';
import { renderChart } from './chart.js';
import { PAGE_WIDTH } from './page.js';
import { style } from './style.js';

use([BarChart, CustomChart, LineChart, ScatterChart]);
use([GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

export interface CalibrationPlot {
  readonly bins: readonly CalibrationBin[];
  readonly ece: number;
  readonly caption: string;
}

const PANEL = 320;
const HEIGHT = 484;
const TOP = 84;
/** Where the bars of the logarithmic axis stand, so that a single image is a bar too. */
const FLOOR = 0.1;

/** Draws a reliability diagram, and how many images have which probability, as SVG. */
export function drawCalibration({ bins, ece, caption }: CalibrationPlot): string {
  const filled = bins.filter((bin) => bin.count > 0);
  const lefts = [64, 64 + PAGE_WIDTH / 2];
  const heading = (text: string, left: number) => ({
    text,
    left,
    top: 46,
    textStyle: { fontSize: 14, fontWeight: 600 as const, color: style.text },
  });
  const axisLabel = { color: style.text, fontSize: 12 };
  const nameTextStyle = { color: style.muted, fontSize: 12 };
  const share = {
    type: 'value',
    min: 0,
    max: 1,
    interval: 0.2,
    axisLabel: { ...axisLabel, formatter: (v: number) => `${Math.round(100 * v)}%` },
    nameLocation: 'middle',
    nameTextStyle,
    splitLine: { lineStyle: { color: style.line } },
    axisLine: { show: true, lineStyle: { color: style.muted } },
  } as const;
  const option = {
    animation: false,
    backgroundColor: style.background,
    textStyle: { fontFamily: style.font, color: style.text },
    title: [
      {
        text: `Do the probabilities hold? Expected calibration error ${formatPercent(ece)}`,
        left: 'center',
        top: 14,
        textStyle: { fontSize: 17, fontWeight: 600, color: style.text },
      },
      heading('Share that is right, with 95% intervals (dashed: ideal)', lefts[0]!),
      heading('Number of images (logarithmic)', lefts[1]!),
      {
        text: caption,
        left: 'center',
        bottom: 8,
        textStyle: { fontSize: 12, fontWeight: 400, color: style.muted },
      },
    ],
    grid: lefts.map((left) => ({ left, top: TOP, width: PANEL, height: PANEL })),
    xAxis: lefts.map((_, gridIndex) => ({
      ...share,
      gridIndex,
      name: 'probability of the predicted class',
      nameGap: 28,
      splitLine: { show: false },
    })),
    yAxis: [
      { ...share, gridIndex: 0, name: 'accuracy', nameGap: 44 },
      {
        type: 'log',
        gridIndex: 1,
        min: FLOOR,
        max: 10 ** Math.ceil(Math.log10(Math.max(10, ...filled.map((bin) => bin.count)))),
        axisLabel: { ...axisLabel, formatter: (v: number) => (v < 1 ? '' : v.toLocaleString('en')) },
        splitLine: { lineStyle: { color: style.line } },
        axisLine: { show: true, lineStyle: { color: style.muted } },
      },
    ],
    series: [
      {
        type: 'line',
        name: 'as sure as right',
        data: [
          [0, 0],
          [1, 1],
        ],
        symbol: 'none',
        lineStyle: { type: 'dashed', width: 1.5, color: style.muted },
      },
      {
        type: 'custom',
        encode: { x: 0, y: [1, 2] },
        data: filled.map((bin) => {
          const { low, high } = wilsonInterval(Math.round(bin.accuracy * bin.count), bin.count);
          return [bin.confidence, low, high];
        }),
        renderItem: (_: unknown, api: { value(i: number): number; coord(p: number[]): number[] }) => {
          const [x, low] = api.coord([api.value(0), api.value(1)]);
          const [, high] = api.coord([api.value(0), api.value(2)]);
          return {
            type: 'path',
            shape: {
              pathData: `M${x} ${low}V${high}M${x! - 4} ${low}H${x! + 4}M${x! - 4} ${high}H${x! + 4}`,
            },
            style: { stroke: style.right, fill: 'none', lineWidth: 1.5 },
          };
        },
      },
      {
        type: 'scatter',
        data: filled.map((bin) => [bin.confidence, bin.accuracy]),
        symbolSize: 9,
        itemStyle: { color: style.right },
      },
      {
        type: 'custom',
        encode: { x: [0, 1], y: 2 },
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: filled.map((bin) => [bin.from, bin.to, bin.count]),
        renderItem: (_: unknown, api: { value(i: number): number; coord(p: number[]): number[] }) => {
          const [left, top] = api.coord([api.value(0), api.value(2)]);
          const [right, bottom] = api.coord([api.value(1), FLOOR]);
          return {
            type: 'rect',
            shape: { x: left! + 1, y: top, width: right! - left! - 2, height: bottom! - top! },
            style: { fill: style.right },
          };
        },
      },
    ],
  };
  return renderChart(option, { width: PAGE_WIDTH, height: HEIGHT });
}
