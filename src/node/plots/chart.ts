import { init } from 'echarts/core';
import { replaceForbidden } from './render.js';

/**
 * Renders a chart as SVG without what a browser would use for pointing at its parts: its numbering counts
 * all charts of the process, and equal charts are to be equal bytes.
 */
export function renderChart(option: object, { width, height }: { width: number; height: number }): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption(option as never);
  const svg = chart.renderToSVGString();
  chart.dispose();
  // ECharts escapes names, but leaves in what XML forbids.
  // Text cannot match: its angle brackets and quotes are escaped.
  return replaceForbidden(svg)
    .replace(/<style ?>.*?<\/style>/gs, '')
    .replace(/<[a-zA-Z]+ [^>]*>/g, (tag) =>
      tag.replace(/ (?:class|ecmeta_[a-z_]+)="[^"]*"/g, '').replace(/\bzr\d+-/g, 'clip-'),
    );
}
