import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';

const PAGES = {
  user: '/users/$id',
  residence: '/residences/$id',
  task: '/tasks/$id',
  completion: '/completions/$id',
  contractor: '/contractors/$id',
  document: '/documents/$id',
  contact_message: '/contact-messages/$id',
  template: '/templates/$id',
  job: '/jobs/$id',
  dead_letter: '/dead-letters/$id',
  webhook: '/webhooks/$id',
} as const;

export type Entity = keyof typeof PAGES;

type Props = { to: Entity; id: number; text?: string };

export function EntityLink({ to, id, text = `#${id}` }: Props) {
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to={PAGES[to]} params={{ id: String(id) }} {...props} />}>
      {text}
    </Anchor>
  );
}

const BY_FIELD: Record<string, Entity> = {
  user_id: 'user',
  owner_id: 'user',
  created_by_id: 'user',
  assigned_to_id: 'user',
  completed_by_id: 'user',
  uploaded_by_id: 'user',
  residence_id: 'residence',
  task_id: 'task',
  completion_id: 'completion',
  contractor_id: 'contractor',
  document_id: 'document',
  message_id: 'contact_message',
  template_id: 'template',
  event_id: 'job',
};

/** What an id of that name is an id of. */
export const entityOf = (field: string): Entity | undefined => BY_FIELD[field];
