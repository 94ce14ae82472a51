import { alpha, useComputedColorScheme, useMantineTheme } from '@mantine/core';
import { useMemo } from 'react';
import type UPlot from 'uplot';

const FONT = '12px system-ui, sans-serif';
const SPACE_OF_A_DAY = 70;
/** Nothing is counted in halves. */
const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 50_000, 100_000];

/** The looks of a chart in light and dark: a canvas knows no style sheet. */
export function usePlotStyle() {
  const { colors } = useMantineTheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  return useMemo(() => {
    const ink = (isDark ? colors.dark?.[1] : colors.gray?.[7]) ?? 'gray';
    const line = (isDark ? colors.dark?.[4] : colors.gray?.[3]) ?? 'gray';
    const axis = { stroke: ink, font: FONT, grid: { stroke: line, width: 1 }, ticks: { show: false } };
    const axes: UPlot.Axis[] = [
      { ...axis, grid: { show: false }, space: SPACE_OF_A_DAY },
      { ...axis, size: 44, incrs: STEPS },
    ];
    return { axes, colorOf: (name: string, opacity = 1) => alpha(colors[name]?.[isDark ? 4 : 6] ?? name, opacity) };
  }, [colors, isDark]);
}

const DAY = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });

/** What every chart over days has; days are of UTC. */
export const OVER_DAYS = {
  tzDate: (seconds: number) => new Date(new Date(seconds * 1000).toISOString().slice(0, -1)),
  cursor: { drag: { setScale: false }, points: { size: 7 } },
  scales: { y: { range: (_: unknown, _min: number, max: number): UPlot.Range.MinMax => [0, Math.max(4, max * 1.1)] } },
} satisfies Partial<UPlot.Options>;

export const days: UPlot.Series = {
  label: 'Day',
  value: (_, seconds) => (seconds === null ? '–' : DAY.format(seconds * 1000)),
};

export const secondsOf = (day: string): number => Date.parse(day) / 1000;
