import { api } from '../api/client';
import { TemplateForm } from '../forms/template-form';
import { PageBody } from '../show/page';
import { Shown } from '../show/shown';
import { useId } from '../show/use-id';

/** One template, or a new one. */
export function Page() {
  const id = useId();
  if (Number.isNaN(id)) {
    return (
      <PageBody title="A new template">
        <TemplateForm />
      </PageBody>
    );
  }
  return <Existing id={id} />;
}

function Existing({ id }: { id: number }) {
  const query = api.useQuery('get', '/api/admin/templates/{id}/', { params: { path: { id } } });
  return (
    <PageBody title={query.data?.title ?? `Template #${id}`}>
      <Shown query={query}>{(template) => <TemplateForm key={template.updated_at} template={template} />}</Shown>
    </PageBody>
  );
}
