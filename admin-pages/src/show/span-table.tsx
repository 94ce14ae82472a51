import type { components } from '../../generated/api';
import { Instant } from './instant';
import { SmallTable } from './small-table';
import { State } from './state';

type Span = components['schemas']['TraceSpan'];

const INDENT_PX = 16;
const BAR_PX = 180;

/** Spans under each other, as far to the right as they began late, and as long as they took. */
export function SpanTable({ spans }: { spans: Span[] }) {
  const starts = spans.map(({ at }) => Date.parse(at));
  const first_ms = Math.min(...starts);
  const whole_ms = Math.max(1, ...spans.map(({ ms }, n) => (starts[n] ?? 0) + ms - first_ms));
  const part = (ms: number): number => Math.round((ms / whole_ms) * BAR_PX);
  return (
    <SmallTable
      title="Spans"
      rows={spans}
      keyOf={({ span_id }) => span_id}
      columns={[
        { name: 'at', show: ({ at }) => <Instant at={at} /> },
        'runtime',
        {
          name: 'span',
          show: ({ name, depth }) => (
            <span className="wraps" style={{ display: 'block', paddingLeft: depth * INDENT_PX }}>
              {name}
            </span>
          ),
        },
        { name: 'error', show: ({ error }) => (error === null ? '–' : <State>{error}</State>) },
        { name: 'took', show: ({ ms }) => <span style={{ whiteSpace: 'nowrap' }}>{ms.toFixed(1)} ms</span> },
        {
          name: 'when',
          show: ({ at, ms }) => (
            <div aria-hidden className="span-bar" style={{ width: BAR_PX }}>
              <div style={{ marginLeft: part(Date.parse(at) - first_ms), width: Math.max(2, part(ms)) }} />
            </div>
          ),
        },
      ]}
    />
  );
}
