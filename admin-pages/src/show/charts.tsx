import { Center, Text } from '@mantine/core';
import { useMemo } from 'react';
import UPlot from 'uplot';
import { Plot, plotHeight } from './plot';
import { days as DAYS, OVER_DAYS, secondsOf, usePlotStyle } from './plot-style';

const HEIGHT = 200;

type Day = { day: string; count: number };

/** A curve, and in words what it says. */
export function PerDay({ name, days, color }: { name: string; days: Day[]; color: string }) {
  const { axes, colorOf } = usePlotStyle();
  const most = days.toSorted((a, b) => b.count - a.count)[0];
  const said = `${name}: ${sumOf(days)} in ${days.length} days${most ? `; the most, ${most.count}, on ${most.day}` : ''}.`;
  const options = useMemo(() => {
    const series = {
      label: name,
      stroke: colorOf(color),
      fill: colorOf(color, 0.15),
      width: 2,
      points: { show: false },
    };
    return { ...OVER_DAYS, axes, series: [DAYS, series] };
  }, [axes, colorOf, name, color]);
  const data = useMemo(
    (): UPlot.AlignedData => [days.map(({ day }) => secondsOf(day)), days.map(({ count }) => count)],
    [days],
  );
  return <Plot said={said} height={HEIGHT} options={options} data={data} />;
}

type Sent = Day & { result: string };

const COLORS: Record<string, string> = {
  sent: 'teal',
  waiting: 'blue',
  uncertain: 'yellow',
  refused: 'red',
  gone: 'grape',
  suppressed: 'gray',
};

/** What became of what was sent, day by day, one on the other. */
export function ByResult({ of: sent }: { of: Sent[] }) {
  if (sent.length > 0) return <Stacked sent={sent} />;
  return (
    <Center h={plotHeight(HEIGHT)}>
      <Text c="dimmed">Nothing was sent.</Text>
    </Center>
  );
}

function Stacked({ sent }: { sent: Sent[] }) {
  const { axes, colorOf } = usePlotStyle();
  const results = useMemo(() => [...new Set(sent.map(({ result }) => result))].sort(), [sent]);
  const totals = results.map((result) => `${result} ${sumOf(sent.filter((each) => each.result === result))}`);
  const options = useMemo(() => {
    const bars = UPlot.paths.bars?.({ size: [0.6, 40] });
    const series = results.map((label, n) => ({
      label,
      fill: colorOf(COLORS[label] ?? 'gray'),
      width: 0,
      points: { show: false },
      ...(bars && { paths: bars }),
      // A bar reaches over those below it: its own part is what it is higher.
      value: (plot: UPlot, height: number | null, _: number, at: number | null) =>
        height === null || at === null ? '–' : String(height - (plot.data[n + 2]?.[at] ?? 0)),
    }));
    return { ...OVER_DAYS, axes, series: [DAYS, ...series] };
  }, [axes, colorOf, results]);
  const data = useMemo(() => heightsOf(sent, results), [sent, results]);
  return <Plot said={`${totals.join(', ')}.`} height={HEIGHT} options={options} data={data} />;
}

/** The first bar of a day is the highest and is drawn first. */
function heightsOf(sent: Sent[], results: string[]): UPlot.AlignedData {
  const times = [...new Set(sent.map(({ day }) => secondsOf(day)))].sort((a, b) => a - b);
  const heights = results.map((_, n) =>
    times.map((time) =>
      sumOf(sent.filter((each) => secondsOf(each.day) === time && results.indexOf(each.result) >= n)),
    ),
  );
  return [times, ...heights];
}

const sumOf = (days: Day[]): number => days.reduce((sum, { count }) => sum + count, 0);
