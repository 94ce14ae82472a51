import { Button, Card, Group, SimpleGrid, Stack, Switch, TagsInput, Textarea, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useNavigate } from '@tanstack/react-router';
import type { components } from '../../generated/api';
import { api } from '../api/client';
import { useMayWrite } from '../app/me';
import { ConditionFields } from './condition-fields';
import { fieldErrors } from './field-errors';
import { LookUpSelect } from './look-up-select';
import { SuggestionPreview } from './suggestion-preview';

type Template = components['schemas']['AdminTemplate'];
type Values = Pick<
  Template,
  'title' | 'description' | 'category_id' | 'frequency_id' | 'tags' | 'conditions' | 'is_active'
>;

const EMPTY: Values = {
  title: '',
  description: '',
  category_id: null,
  frequency_id: null,
  tags: [],
  conditions: {},
  is_active: true,
};

/** Edits a template and shows at once to whom it would be suggested. */
export function TemplateForm({ template }: { template?: Template }) {
  const { title, description, category_id, frequency_id, tags, conditions, is_active } = template ?? EMPTY;
  const form = useForm<Values>({
    initialValues: { title, description, category_id, frequency_id, tags, conditions, is_active },
  });
  const save = useSave(template?.id, (error) => form.setErrors(fieldErrors(error, 'title')));
  const mayWrite = useMayWrite();
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <form onSubmit={form.onSubmit((body) => save(body))}>
        <Card withBorder>
          <Stack>
            <TextInput label="Title" required maxLength={200} {...form.getInputProps('title')} />
            <Textarea label="Description" autosize minRows={3} {...form.getInputProps('description')} />
            <Group grow align="flex-start">
              <LookUpSelect
                kind="task-categories"
                label="Category"
                value={form.values.category_id}
                onChange={(id) => form.setFieldValue('category_id', id)}
                error={form.errors.category_id}
              />
              <LookUpSelect
                kind="task-frequencies"
                label="Frequency"
                value={form.values.frequency_id}
                onChange={(id) => form.setFieldValue('frequency_id', id)}
                error={form.errors.frequency_id}
              />
            </Group>
            <TagsInput label="Tags" maxTags={30} {...form.getInputProps('tags')} />
            <Switch label="In use" {...form.getInputProps('is_active', { type: 'checkbox' })} />
            <Title order={2} size="h5">
              The homes that it is for
            </Title>
            <ConditionFields
              value={form.values.conditions}
              onChange={(next) => form.setFieldValue('conditions', next)}
            />
            {mayWrite && (
              <Group justify="flex-end">
                <Button type="submit" disabled={!form.isDirty()}>
                  Save
                </Button>
              </Group>
            )}
          </Stack>
        </Card>
      </form>
      <SuggestionPreview title={form.values.title} conditions={form.values.conditions} />
    </SimpleGrid>
  );
}

type NewTemplate = components['schemas']['NewTemplate'];

function useSave(id: number | undefined, onRefused: (error: unknown) => void) {
  const navigate = useNavigate();
  const options = { meta: { done: 'Saved.', tellsItself: true }, onError: onRefused } as const;
  const edit = api.useMutation('patch', '/api/admin/templates/{id}/', options);
  const add = api.useMutation('post', '/api/admin/templates/', {
    ...options,
    onSuccess: (made) => navigate({ to: '/templates/$id', params: { id: String(made.id) } }),
  });
  return (body: NewTemplate) =>
    id === undefined ? add.mutate({ body }) : edit.mutate({ params: { path: { id } }, body });
}
