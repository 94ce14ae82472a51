import { Anchor } from '@mantine/core';
import type { components } from '../../generated/api';
import { HeardFrom } from './heard';
import { Moment } from './moment';
import { SmallTable } from './small-table';
import { State } from './state';

/** What fires now. */
export const Alerts = ({ of }: { of: components['schemas']['AdminStatus']['alerts'] }) => (
  <HeardFrom of={of} title="Alerts" who="Alertmanager" setting="ALERTMANAGER_URL">
    {(alerts) => (
      <SmallTable
        title="Alerts"
        rows={alerts.map((alert, n) => ({ ...alert, n }))}
        keyOf={({ n }) => n}
        columns={[
          { name: 'severity', show: ({ severity }) => <State>{severity ?? 'unknown'}</State> },
          'name',
          'summary',
          { name: 'since', show: ({ since }) => <Moment at={since} /> },
          {
            name: 'runbook',
            show: ({ runbook_url, name }) =>
              runbook_url ? (
                <Anchor size="sm" href={runbook_url} aria-label={`What to do about ${name}`}>
                  What to do
                </Anchor>
              ) : (
                '–'
              ),
          },
        ]}
      />
    )}
  </HeardFrom>
);
