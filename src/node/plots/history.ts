import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { renderChart } from './chart.js';
import { style } from './style.js';

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

/** One curve: a value for each epoch from the first. */
export interface Curve {
  readonly name: 'training' | 'validation' | 'test';
  readonly loss: readonly number[];
  /** Fractions of 1. */
  readonly accuracy: readonly number[];
}

export interface HistoryPlot {
  readonly curves: readonly Curve[];
  /** The epoch whose weights were kept, counted from 1. */
  readonly bestEpoch?: number;
  /** Data set, model and figure. */
  readonly caption: string;
}

const WIDTH = 830;
const HEIGHT = 380;

/** Draws loss and accuracy over the epochs, side by side, as SVG. */
export function drawHistory({ curves, bestEpoch, caption }: HistoryPlot): string {
  const epochs = Math.max(...curves.map((curve) => curve.loss.length));
  const panels = [
    {
      title: 'Loss (cross-entropy)',
      left: 56,
      values: (curve: Curve) => curve.loss,
      format: (v: number) => formatLoss(v),
    },
    {
      title: 'Accuracy',
      left: 56 + WIDTH / 2,
      values: (curve: Curve) => curve.accuracy,
      format: formatPercent,
    },
  ];
  const option = {
    animation: false,
    backgroundColor: style.background,
    textStyle: { fontFamily: style.font, color: style.text },
    title: [
      ...panels.map(({ title, left }) => ({
        text: title,
        left,
        top: 44,
        textStyle: { fontSize: 14, fontWeight: 600, color: style.text },
      })),
      {
        text: caption,
        left: 'center',
        bottom: 8,
        textStyle: { fontSize: 11.5, fontWeight: 400, color: style.muted },
      },
    ],
    legend: { top: 10, left: 'center', itemWidth: 28, textStyle: { fontSize: 12.5, color: style.text } },
    grid: panels.map(({ left }) => ({ left, top: 76, width: WIDTH / 2 - 84, bottom: 76 })),
    xAxis: panels.map((_, gridIndex) => ({
      gridIndex,
      type: 'category',
      data: Array.from({ length: epochs }, (_, i) => String(i + 1)),
      name: bestEpoch === undefined ? 'epoch' : `epoch (weights of epoch ${bestEpoch} kept)`,
      nameLocation: 'middle',
      nameGap: 28,
      nameTextStyle: { color: style.muted, fontSize: 12 },
      axisTick: { alignWithLabel: true },
      axisLine: { lineStyle: { color: style.muted } },
      axisLabel: { color: style.text, fontSize: 12 },
    })),
    yAxis: panels.map(({ format }, gridIndex) => ({
      gridIndex,
      type: 'value',
      scale: true,
      // The axis of accuracies must not promise more than 100%.
      max: ({ min, max }: { min: number; max: number }) =>
        gridIndex === 1 && max + (max - min) / 10 >= 1 ? 1 : null,
      splitNumber: 5,
      splitLine: { lineStyle: { color: style.line } },
      axisLabel: { color: style.text, fontSize: 12, formatter: format },
    })),
    series: panels.flatMap(({ values }, index) =>
      curves.map((curve) => ({
        name: curve.name,
        type: 'line',
        xAxisIndex: index,
        yAxisIndex: index,
        data: [...values(curve)],
        color: style[curve.name],
        // Shape and dash tell the curves apart without colour.
        symbol: { training: 'emptyCircle', validation: 'circle', test: 'diamond' }[curve.name],
        symbolSize: 7,
        showSymbol: epochs <= 40,
        lineStyle: { width: 2, type: curve.name === 'training' ? 'dashed' : 'solid' },
      })),
    ),
  };
  return renderChart(option, { width: WIDTH, height: HEIGHT });
}

function formatLoss(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function formatPercent(value: number): string {
  return `${Number((value * 100).toFixed(2))}%`;
}
