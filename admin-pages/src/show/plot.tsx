import 'uplot/dist/uPlot.min.css';
import { VisuallyHidden } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';

type Props = {
  /** A picture says nothing to whoever does not see it. */
  said: string;
  height: number;
  options: Omit<UPlot.Options, 'width' | 'height'>;
  data: UPlot.AlignedData;
};

/** A drawing as wide as its place. */
export function Plot({ said, height, options, data }: Props) {
  const { ref: sized, width } = useElementSize();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current || width === 0) return;
    const plot = new UPlot({ ...options, width, height }, data, place.current);
    return () => plot.destroy();
  }, [options, data, width, height]);
  return (
    <figure style={{ margin: 0 }} ref={sized}>
      <VisuallyHidden component="figcaption">{said}</VisuallyHidden>
      <div aria-hidden="true" className="plot" ref={place} style={{ height: height + LEGEND }} />
    </figure>
  );
}

/** What uPlot writes below. */
const LEGEND = 30;
export const plotHeight = (height: number): number => height + LEGEND;
