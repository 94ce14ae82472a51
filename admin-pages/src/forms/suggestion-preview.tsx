import {
  Accordion,
  Alert,
  Card,
  NativeSelect,
  Progress,
  SimpleGrid,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData } from '@tanstack/react-query';
import { useState } from 'react';
import type { components } from '../../generated/api';
import { CONDITIONS } from '../../generated/lists';
import { api } from '../api/client';
import { EntityLink } from '../show/entity-link';
import { labelOf } from '../show/label';
import { Shown } from '../show/shown';
import { type Conditions, Flag, namesOf, optionsOf } from './condition-fields';
import { useLookUps } from './use-look-ups';

type Profile = NonNullable<components['schemas']['SuggestionPreview']['profile']>;

const PAUSE_MS = 250;
const SHOWN = 15;

/** To which homes a template would be suggested, and before what: of a home that there is, or of a made-up one. */
export function SuggestionPreview({ title, conditions }: { title: string; conditions: Conditions }) {
  const [home, setHome] = useState('');
  const [profile, setProfile] = useState<Profile>({});
  const template = { title: title || 'This template', conditions };
  const asked = { profile, template, ...(home && { residence_id: Number(home) }) };
  const [body] = useDebouncedValue(asked, PAUSE_MS);
  const query = api.useQuery(
    'post',
    '/api/admin/templates/preview/',
    { body },
    { placeholderData: keepPreviousData, retry: false },
  );
  return (
    <Card withBorder>
      <Stack>
        <Title order={2} size="h5">
          Who would see it
        </Title>
        <TextInput
          label="Residence"
          description="Its id; without one the home below is all there is"
          inputMode="numeric"
          value={home}
          onChange={({ currentTarget }) => setHome(currentTarget.value.replace(/\D/g, ''))}
        />
        <Accordion variant="contained">
          <Accordion.Item value="profile">
            <Accordion.Control>A home like this</Accordion.Control>
            <Accordion.Panel>
              <ProfileFields value={profile} onChange={setProfile} />
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        <Shown query={query}>{({ score, results }) => <Scores score={score} results={results} />}</Shown>
      </Stack>
    </Card>
  );
}

function Scores({ score, results }: components['schemas']['PreviewedSuggestions']) {
  return (
    <>
      <Alert variant="default" role="status">
        {score === null ? 'It would not be suggested to this home.' : `It would score ${score.toFixed(2)}.`}
      </Alert>
      <Table aria-label="What is suggested to this home now">
        <Table.Tbody>
          {results.slice(0, SHOWN).map(({ template, score: other, reasons }) => (
            <Table.Tr key={template.id}>
              <Table.Td>
                <EntityLink to="template" id={template.id} text={template.title} />
                <Text size="xs" c="dimmed">
                  {reasons.map(labelOf).join(', ')}
                </Text>
              </Table.Td>
              <Table.Td w={120}>
                {other.toFixed(2)}
                <Progress value={Math.min(100, other * 50)} aria-label={`Score of ${template.title}`} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  );
}

function ProfileFields({ value, onChange }: { value: Profile; onChange(value: Profile): void }) {
  const types = useLookUps('residence-types');
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      {namesOf(CONDITIONS).map((name) => {
        const values: readonly (string | number)[] | null = CONDITIONS[name];
        const put = (given: unknown) => onChange({ ...value, [name]: given });
        if (values === null) return <Flag key={name} name={name} value={value[name]} onChange={put} />;
        const isId = name === 'property_type_id';
        const isNumber = isId || name === 'climate_region';
        return (
          <NativeSelect
            key={name}
            label={labelOf(name)}
            data={[{ value: '', label: '–' }, ...(isId ? types : optionsOf(values))]}
            value={String(value[name] ?? '')}
            onChange={({ currentTarget }) => put(chosen(currentTarget.value, isNumber))}
          />
        );
      })}
    </SimpleGrid>
  );
}

function chosen(value: string, isNumber: boolean): string | number | undefined {
  if (value === '') return undefined;
  return isNumber ? Number(value) : value;
}
