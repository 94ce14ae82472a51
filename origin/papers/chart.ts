import { BarChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([BarChart, GridComponent, SVGRenderer]);

const WIDTH = 640;
const HEIGHT = 220;
const HONEY = '#F5AB0C';
const INK = '#2B2013';
const LINE = '#E4D9C6';
const LABEL = { color: INK, fontFamily: 'Noto Sans', fontSize: 13 };

/** What was spent on each, as an SVG: bars that stand (`column`) or lie (`row`). */
export function barChart(costs: { label: string; cost: number }[], bars: 'column' | 'row'): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  const labels = {
    type: 'category' as const,
    data: costs.map(({ label }) => label),
    inverse: bars === 'row',
    axisLabel: { ...LABEL, interval: 0, rotate: bars === 'column' ? 35 : 0, width: 150, overflow: 'truncate' as const },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: LINE } },
  };
  const amounts = {
    type: 'value' as const,
    axisLabel: { ...LABEL, hideOverlap: true },
    splitLine: { lineStyle: { color: LINE } },
  };
  chart.setOption({
    animation: false,
    grid: { left: 8, right: 40, top: 16, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: bars === 'column' ? labels : amounts,
    yAxis: bars === 'column' ? amounts : labels,
    series: [
      {
        type: 'bar',
        barMaxWidth: 26,
        itemStyle: { color: HONEY },
        data: costs.map(({ cost }) => cost),
        label: {
          ...LABEL,
          show: true,
          position: bars === 'column' ? 'top' : 'right',
          formatter: ({ value }: { value?: unknown }) => (Number(value) > 0 ? Number(value).toFixed(2) : ''),
        },
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}
