import { Anchor } from '@mantine/core';
import { api } from '../api/client';
import { Facts } from '../show/facts';
import { mediaAddress } from '../show/media';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { SmallTable } from '../show/small-table';
import { useId } from '../show/use-id';

export function Page() {
  const id = useId();
  const query = api.useQuery('get', '/api/admin/documents/{id}/', { params: { path: { id } } });
  return (
    <PageBody title={query.data?.title ?? `Document #${id}`}>
      <Shown query={query}>
        {({ files, file_states, ...document }) => (
          <>
            <Facts of={document} />
            <SmallTable
              title="Files"
              rows={files.map((file) => ({ ...file, ...file_states.find(({ id: of }) => of === file.id) }))}
              keyOf={(file) => file.id}
              columns={[
                {
                  name: 'filename',
                  show: (file) => (
                    <Anchor href={mediaAddress('document-file', file.id)} target="_blank" rel="noreferrer" size="sm">
                      {file.filename}
                    </Anchor>
                  ),
                },
                'content_type',
                'size',
                'text_status',
                'prepared_at',
                'prepare_error',
                'text_error',
                'uploaded_by_id',
              ]}
            />
          </>
        )}
      </Shown>
    </PageBody>
  );
}
