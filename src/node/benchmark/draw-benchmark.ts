import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TitleComponent } from 'echarts/components';
import { use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { renderChart } from '../plots/chart.js';
import { PAGE_WIDTH, shorten } from '../plots/page.js';
import { style } from '../plots/style.js';
import { type Benchmark, nameOf } from './benchmark.js';

use([BarChart, LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const HEIGHT = 440;
/** After Okabe and Ito: one a runtime; threads differ in dash and symbol. */
const COLOURS = {
  node: '#0072b2',
  wasm: '#d55e00',
  'browser-wasm': '#009e73',
  'browser-webgpu': '#cc79a7',
  cuda: '#56b4e9',
};

/** Draws images/s over the batch size, and how long the smallest run takes, side by side, as SVG. */
export function drawBenchmark(benchmark: Benchmark): string {
  const { model, machine, rows, rounds, fixedBatch = 1 } = benchmark;
  const sizes = [...new Set([fixedBatch, ...benchmark.batchSizes])];
  const axisLabel = { color: style.text, fontSize: 12 };
  const nameTextStyle = { color: style.muted, fontSize: 12 };
  const heading = (text: string, left: number) => ({
    text,
    left,
    top: 66,
    textStyle: { fontSize: 14, fontWeight: 600, color: style.text },
  });
  const caption = `${model.path} (${model.precision}); ${machine.processor}, ${machine.cores} cores; medians of ${rounds} round${rounds === 1 ? '' : 's'}`;
  const logarithmic = {
    type: 'log',
    axisLabel,
    splitLine: { lineStyle: { color: style.line } },
    nameTextStyle,
  };
  const least = 10 ** Math.floor(Math.log10(Math.min(...rows.map(({ alone }) => alone.p50Ms))));
  const option = {
    animation: false,
    backgroundColor: style.background,
    textStyle: { fontFamily: style.font, color: style.text },
    title: [
      heading('Images a second', 64),
      heading(
        `${fixedBatch === 1 ? 'One image alone' : `${fixedBatch} at once`}: median, 95th percentile, ms`,
        500,
      ),
      {
        text: shorten(caption, PAGE_WIDTH - 24, 11.5),
        left: 'center',
        bottom: 8,
        textStyle: { fontSize: 11.5, fontWeight: 400, color: style.muted },
      },
    ],
    legend: {
      top: 10,
      left: 'center',
      itemWidth: 28,
      itemGap: 18,
      textStyle: { fontSize: 12, color: style.text },
      data: rows.map(nameOf),
    },
    grid: [
      { left: 64, top: 96, width: 330, bottom: 76 },
      { left: 610, top: 96, width: 170, bottom: 76 },
    ],
    xAxis: [
      {
        type: 'category',
        data: sizes.map(String),
        name: 'batch size',
        nameLocation: 'middle',
        nameGap: 28,
        nameTextStyle,
        axisLabel,
      },
      // Bars begin where the axis does; without it, at 1.
      { ...logarithmic, gridIndex: 1, min: least, startValue: least, splitNumber: 3 },
    ],
    yAxis: [
      logarithmic,
      { type: 'category', gridIndex: 1, inverse: true, data: rows.map(nameOf), axisLabel },
    ],
    series: [...rows.map((row) => speedLine(row, sizes)), ...latencyBars(rows)],
  };
  return renderChart(option, { width: PAGE_WIDTH, height: HEIGHT });
}

/** @param sizes ascending; the first is that of a row's smallest run */
function speedLine(row: Benchmark['rows'][number], sizes: readonly number[]) {
  const speedOf = new Map(row.batches.map(({ batchSize, imagesPerSecond }) => [batchSize, imagesPerSecond]));
  const isThreaded = (row.threads ?? 1) > 1;
  return {
    name: nameOf(row),
    type: 'line',
    data: sizes.map((size, i) => (i === 0 ? (1000 * size) / row.alone.p50Ms : (speedOf.get(size) ?? null))),
    color: COLOURS[row.runtime],
    symbol: isThreaded ? 'circle' : 'emptyCircle',
    symbolSize: 7,
    lineStyle: { width: 2, type: isThreaded ? 'solid' : 'dashed' },
  };
}

function latencyBars(rows: Benchmark['rows']) {
  const bars = (pick: (row: Benchmark['rows'][number]) => number, opacity: number) => ({
    type: 'bar',
    xAxisIndex: 1,
    yAxisIndex: 1,
    barGap: '-100%',
    data: rows.map((row) => ({ value: pick(row), itemStyle: { color: COLOURS[row.runtime], opacity } })),
  });
  const figure = (ms: number) => String(Number(ms.toPrecision(2)));
  const label = {
    show: true,
    position: 'right',
    fontSize: 11,
    color: style.text,
    opacity: 1,
    formatter: ({ dataIndex }: { dataIndex: number }) => {
      const { p50Ms, p95Ms } = rows[dataIndex]!.alone;
      return `${figure(p50Ms)}, ${figure(p95Ms)}`;
    },
  };
  return [{ ...bars(({ alone }) => alone.p95Ms, 0.35), label }, bars(({ alone }) => alone.p50Ms, 1)];
}
