import { Button, ColorSwatch, Group, Tabs } from '@mantine/core';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api } from '../api/client';
import { useMayWrite } from '../app/me';
import { ActButton } from '../forms/act-button';
import { type Kind, LookUpForm } from '../forms/look-up-form';
import type { List, Row } from '../list/list';
import { ListOf } from '../list/list-page';
import { Dialog } from '../show/dialog';
import { labelOf } from '../show/label';
import { PageBody } from '../show/page';

const PATH = '/api/admin/look-ups/{kind}/';
type LookUp = Row<typeof PATH>;

const KINDS: Kind[] = [
  'residence-types',
  'task-categories',
  'task-priorities',
  'task-frequencies',
  'contractor-specialties',
];

export function Page() {
  const { kind: asked } = useParams({ strict: false });
  const kind = KINDS.find((each) => each === asked) ?? 'task-categories';
  const navigate = useNavigate();
  const mayWrite = useMayWrite();
  const [edited, setEdited] = useState<LookUp | 'new'>();
  const list = useMemo(() => listOf(kind, mayWrite, setEdited), [kind, mayWrite]);
  return (
    <PageBody title="Look-ups" actions={mayWrite && <Button onClick={() => setEdited('new')}>Add</Button>}>
      <Tabs
        value={kind}
        onChange={(next) => next && navigate({ to: '/look-ups/$kind', params: { kind: next } })}
        activateTabWithKeyboard={false}
      >
        <Tabs.List>
          {KINDS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {labelOf(each.replace('-', ' '))}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={kind} pt="md">
          <ListOf key={kind} list={list} />
        </Tabs.Panel>
      </Tabs>
      <Dialog
        isOpen={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={edited === 'new' ? 'Add one' : `Edit ${edited?.name}`}
      >
        {edited && (
          <LookUpForm kind={kind} lookUp={edited === 'new' ? undefined : edited} onDone={() => setEdited(undefined)} />
        )}
      </Dialog>
    </PageBody>
  );
}

const OWN: Record<Kind, (keyof LookUp & string)[]> = {
  'residence-types': ['icon'],
  'task-categories': ['icon'],
  'task-priorities': ['level', 'icon'],
  'task-frequencies': ['interval', 'unit', 'days'],
  'contractor-specialties': ['icon'],
};

function listOf(kind: Kind, mayWrite: boolean, onEdit: (lookUp: LookUp) => void): List<typeof PATH> {
  const color = {
    name: 'color',
    show: ({ color }: LookUp) =>
      color && (
        <Group gap={6} wrap="nowrap">
          <ColorSwatch color={color} size={16} /> {color}
        </Group>
      ),
  };
  const actions = {
    name: 'actions',
    show: (row: LookUp) => (
      <Group gap={6} wrap="nowrap">
        <Button size="xs" variant="default" onClick={() => onEdit(row)} aria-label={`Edit ${row.name}`}>
          Edit
        </Button>
        {!row.is_used && <DeleteButton kind={kind} id={row.id} name={row.name} />}
      </Group>
    ),
  };
  const own = OWN[kind];
  const hasColor = kind !== 'task-frequencies';
  return {
    path: PATH,
    params: { kind },
    columns: [
      'name',
      'display_order',
      ...own,
      ...(hasColor ? [color] : []),
      'is_used',
      'id',
      ...(mayWrite ? [actions] : []),
    ],
  };
}

function DeleteButton({ kind, id, name }: { kind: Kind; id: number; name: string }) {
  const remove = api.useMutation('delete', '/api/admin/look-ups/{kind}/{id}/', { meta: { done: 'Deleted.' } });
  return (
    <ActButton
      explains={`${name} is gone for good. Nothing uses it.`}
      onAct={() => remove.mutate({ params: { path: { kind, id } } })}
    >
      Delete
    </ActButton>
  );
}
