import { Button, Card, Group, NumberInput, SimpleGrid, Stack, Switch, Table, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { components } from '../../generated/api';
import { api } from '../api/client';
import { labelOf } from '../show/label';
import { fieldErrors } from './field-errors';

type Settings = components['schemas']['AdminSettings'];

const TIERS = ['free', 'pro'] as const;
const KINDS = ['residences', 'tasks', 'contractors', 'documents'] as const;

/** Sends what was changed and nothing else: the oldest app that is served asks for a confirmation. */
export function SettingsForm({ settings }: { settings: Settings }) {
  const { min_app_version, limitations_enabled, trial_days, tiers } = settings;
  const form = useForm({
    initialValues: { min_app_version: min_app_version ?? '', limitations_enabled, trial_days, tiers: shown(tiers) },
  });
  const save = api.useMutation('patch', '/api/admin/settings/', {
    meta: { done: 'Saved.', tellsItself: true },
    onError: (error: unknown) => form.setErrors(fieldErrors(error, 'min_app_version')),
  });
  const submit = form.onSubmit((values) =>
    save.mutate({
      body: {
        ...(form.isDirty('min_app_version') && { min_app_version: values.min_app_version || null }),
        ...(form.isDirty('limitations_enabled') && { limitations_enabled: values.limitations_enabled }),
        ...(form.isDirty('trial_days') && { trial_days: values.trial_days }),
        ...(form.isDirty('tiers') && { tiers: sent(values.tiers) }),
      },
    }),
  );
  return (
    <form onSubmit={submit}>
      <Card withBorder>
        <Stack>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label="Minimum app version"
              description="Older apps are told to update; empty for none"
              placeholder="3.2.0"
              {...form.getInputProps('min_app_version')}
            />
            <NumberInput
              label="Days of trial"
              description="Of pro, for whoever is new"
              min={0}
              max={3650}
              {...form.getInputProps('trial_days')}
            />
          </SimpleGrid>
          <Switch
            label="The limits of tiers are enforced"
            {...form.getInputProps('limitations_enabled', { type: 'checkbox' })}
          />
          <Title order={2} size="h5">
            What a tier allows
          </Title>
          <Table aria-label="What a tier allows">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Empty is no limit</Table.Th>
                {TIERS.map((tier) => (
                  <Table.Th key={tier}>{labelOf(tier)}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {KINDS.map((kind) => (
                <Table.Tr key={kind}>
                  <Table.Th scope="row">{labelOf(kind)}</Table.Th>
                  {TIERS.map((tier) => (
                    <Table.Td key={tier}>
                      <NumberInput
                        aria-label={`${labelOf(kind)}, ${tier}`}
                        min={0}
                        max={1_000_000}
                        maw={140}
                        {...form.getInputProps(`tiers.${tier}.${kind}`)}
                      />
                    </Table.Td>
                  ))}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Group justify="flex-end">
            <Button type="submit" disabled={!form.isDirty()} loading={save.isPending}>
              Save
            </Button>
          </Group>
        </Stack>
      </Card>
    </form>
  );
}

type Limits = Record<(typeof KINDS)[number], number | null>;
type Typed = Record<(typeof KINDS)[number], number | ''>;

const shown = ({ free, pro }: Settings['tiers']) => ({ free: typed(free), pro: typed(pro) });
const sent = ({ free, pro }: ReturnType<typeof shown>) => ({ free: counted(free), pro: counted(pro) });

const typed = ({ residences, tasks, contractors, documents }: Limits): Typed => ({
  residences: residences ?? '',
  tasks: tasks ?? '',
  contractors: contractors ?? '',
  documents: documents ?? '',
});

const counted = ({ residences, tasks, contractors, documents }: Typed): Limits => ({
  residences: residences === '' ? null : residences,
  tasks: tasks === '' ? null : tasks,
  contractors: contractors === '' ? null : contractors,
  documents: documents === '' ? null : documents,
});
