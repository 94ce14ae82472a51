import { Card, SimpleGrid, Text, Title } from '@mantine/core';
import { api } from '../api/client';
import { EntityLink } from '../show/entity-link';
import { Facts } from '../show/facts';
import { mediaAddress } from '../show/media';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { useId } from '../show/use-id';

export function Page() {
  const id = useId();
  const query = api.useQuery('get', '/api/admin/completions/{id}/', { params: { path: { id } } });
  return (
    <PageBody title={query.data ? `Done: ${query.data.task_title}` : `Completion #${id}`}>
      <Shown query={query}>
        {({ images, ...completion }) => (
          <>
            <Facts of={completion} without={['task_title']} />
            <Card withBorder>
              <Title order={2} size="h5" mb="sm">
                Photos
              </Title>
              {images.length === 0 && <Text c="dimmed">None.</Text>}
              <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} className="photos">
                {images.map(({ id: image, caption, thumbnail_url }, n) => (
                  <figure key={image} style={{ margin: 0 }}>
                    <a href={mediaAddress('completion-image', image)} target="_blank" rel="noreferrer">
                      <img
                        src={mediaAddress('completion-image', image, thumbnail_url ? 'medium' : undefined)}
                        alt={caption ?? `Taken on completion, ${n + 1} of ${images.length}`}
                        loading="lazy"
                      />
                    </a>
                    {caption && <figcaption className="wraps">{caption}</figcaption>}
                  </figure>
                ))}
              </SimpleGrid>
            </Card>
            <Text size="sm">
              Of task <EntityLink to="task" id={completion.task_id} text={completion.task_title} />
            </Text>
          </>
        )}
      </Shown>
    </PageBody>
  );
}
