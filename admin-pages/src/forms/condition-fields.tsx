import { MultiSelect, NativeSelect, SimpleGrid } from '@mantine/core';
import type { components } from '../../generated/api';
import { CONDITIONS } from '../../generated/lists';
import { labelOf } from '../show/label';
import { useLookUps } from './use-look-ups';

export type Conditions = components['schemas']['Conditions'];
type Name = keyof Conditions;
type Props = { value: Conditions; onChange(value: Conditions): void };

/** Any of the values makes a template fit. */
export function ConditionFields({ value, onChange }: Props) {
  const types = useLookUps('residence-types');
  const put = (name: Name, given: unknown) => {
    const { [name]: _, ...others } = value;
    onChange(given === undefined ? others : { ...others, [name]: given });
  };
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      {namesOf(CONDITIONS).map((name) => {
        const values: readonly (string | number)[] | null = CONDITIONS[name];
        if (values === null)
          return <Flag key={name} name={name} value={value[name]} onChange={(is) => put(name, is)} />;
        const areNumbers = name === 'property_type_id' || name === 'climate_region';
        return (
          <MultiSelect
            key={name}
            label={labelOf(name)}
            data={name === 'property_type_id' ? types : optionsOf(values)}
            value={[value[name] ?? []].flat().map(String)}
            onChange={(chosen) => put(name, chosen.length === 0 ? undefined : areNumbers ? chosen.map(Number) : chosen)}
            clearButtonProps={{ 'aria-label': 'Clear' }}
          />
        );
      })}
    </SimpleGrid>
  );
}

type FlagProps = { name: string; value: unknown; onChange(is: boolean | undefined): void };

export function Flag({ name, value, onChange }: FlagProps) {
  return (
    <NativeSelect
      label={labelOf(name)}
      data={[
        { value: '', label: '–' },
        { value: 'true', label: 'Yes' },
        { value: 'false', label: 'No' },
      ]}
      value={value === undefined || value === null ? '' : String(value)}
      onChange={({ currentTarget }) =>
        onChange(currentTarget.value === '' ? undefined : currentTarget.value === 'true')
      }
    />
  );
}

export const optionsOf = (values: readonly (string | number)[]) =>
  values.map((each) => ({ value: String(each), label: String(each).replaceAll('_', ' ') }));

export const namesOf = <T extends object>(of: T) => Object.keys(of) as (keyof T)[];
