import { Card, Stack, Text, Title } from '@mantine/core';
import { useSearch } from '@tanstack/react-router';
import { api } from '../api/client';
import type { Search } from '../app/router';
import { EntityLink } from '../show/entity-link';
import { labelOf } from '../show/label';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';

export function Page() {
  const { q = '' }: Search = useSearch({ strict: false });
  return (
    <PageBody title={q ? `“${q}”` : 'Search'}>
      {q ? <Hits q={q} /> : <Text>By an id, or by three letters of a name, an address or a text.</Text>}
    </PageBody>
  );
}

function Hits({ q }: { q: string }) {
  const query = api.useQuery('get', '/api/admin/search/', { params: { query: { q } } });
  return (
    <Shown query={query}>
      {({ results }) => {
        const types = [...new Set(results.map(({ type }) => type))];
        if (types.length === 0) return <Text c="dimmed">Nothing is called that.</Text>;
        return (
          <Stack>
            {types.map((type) => (
              <Card key={type} withBorder>
                <Title order={2} size="h5" mb="xs">
                  {labelOf(type)}
                </Title>
                <Stack gap={6}>
                  {results
                    .filter((hit) => hit.type === type)
                    .map(({ id, title, detail }) => (
                      <Text key={id} size="sm" className="wraps">
                        <EntityLink to={type} id={id} text={title} /> {detail}
                      </Text>
                    ))}
                </Stack>
              </Card>
            ))}
          </Stack>
        );
      }}
    </Shown>
  );
}
