import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLIMATE_REGIONS, climateRegion } from './climate.ts';

const RUNS = { seed: 20260307, numRuns: 500, interruptAfterTimeLimit: 3000, markInterruptAsFailure: false };

/** Each state's zone, and addresses at both ends of its prefixes and in its largest city. */
const KNOWN: Record<string, [zone: number, ...zips: string[]]> = {
  AL: [3, '35004', '35203', '36925'],
  AK: [7, '99501', '99654', '99801', '99901'],
  AZ: [2, '85003', '85701', '86556'],
  AR: [3, '71601', '72201', '72959'],
  CA: [3, '90001', '94103', '96162'],
  CO: [5, '80002', '80202', '81658'],
  CT: [5, '06001', '06604', '06928'],
  DE: [4, '19701', '19801', '19980'],
  DC: [4, '20001', '20500', '20599', '56901'],
  FL: [2, '32003', '33602', '33101', '34112', '34997'],
  GA: [3, '30002', '30303', '31999', '39813', '39901'],
  HI: [1, '96701', '96813', '96898'],
  ID: [5, '83201', '83702', '83877'],
  IL: [5, '60001', '60601', '62999'],
  IN: [5, '46001', '46204', '47997'],
  IA: [5, '50001', '50309', '52809'],
  KS: [4, '66002', '67202', '67954'],
  KY: [4, '40003', '40202', '42788'],
  LA: [2, '70001', '70112', '71497'],
  ME: [6, '03901', '04101', '04992'],
  MD: [4, '20601', '21201', '21930'],
  MA: [5, '01001', '02108', '02791', '05501'],
  MI: [5, '48001', '48226', '49971'],
  MN: [6, '55001', '55401', '56763'],
  MS: [3, '38601', '39201', '39776'],
  MO: [4, '63001', '64106', '65899'],
  MT: [6, '59001', '59101', '59937'],
  NE: [5, '68001', '68102', '69367'],
  NV: [3, '88901', '89101', '89883'],
  NH: [5, '03031', '03101', '03897'],
  NJ: [4, '07001', '07102', '08989'],
  NM: [4, '87001', '87102', '88439'],
  NY: [4, '00501', '10001', '14202', '14925'],
  NC: [4, '27006', '27601', '28909'],
  ND: [7, '58001', '58102', '58856'],
  OH: [5, '43001', '43215', '45999'],
  OK: [3, '73001', '73102', '73401', '74966'],
  OR: [4, '97001', '97201', '97920'],
  PA: [5, '15001', '15222', '19640'],
  RI: [5, '02801', '02903', '02940'],
  SC: [3, '29001', '29401', '29945'],
  SD: [6, '57001', '57104', '57799'],
  TN: [4, '37010', '37203', '38589'],
  TX: [2, '73301', '75001', '77002', '79999', '88510'],
  UT: [5, '84001', '84101', '84791'],
  VT: [6, '05001', '05401', '05495', '05601', '05907'],
  VA: [4, '20101', '22001', '23219', '24658'],
  WA: [4, '98001', '98101', '99403'],
  WV: [4, '24701', '25301', '26886'],
  WI: [6, '53001', '53202', '54990'],
  WY: [6, '82001', '83001', '83128'],
  'Puerto Rico': [1, '00601', '00725', '00901', '00988'],
  'Virgin Islands': [1, '00801', '00851'],
  Guam: [1, '96910', '96932'],
  'American Samoa': [1, '96799'],
  'Northern Marianas': [1, '96950', '96952'],
  'Northern Alaska': [8, '99701', '99723', '99762', '99791'],
};

describe('a postal code', () => {
  test.each(Object.entries(KNOWN))('of %s is in its zone', (_state, [zone, ...zips]) => {
    for (const zip of zips) expect(climateRegion(zip, 'US'), zip).toBe(zone);
  });

  test('of every zone is known', () => {
    expect(new Set(Object.values(KNOWN).map(([zone]) => zone))).toEqual(new Set(CLIMATE_REGIONS));
    expect(Object.keys(KNOWN)).toHaveLength(50 + 1 + 5 + 1);
  });

  test('may have four more digits', () => {
    for (const zip of ['55401-1234', '55401 1234', '554011234', ' 55401 ']) expect(climateRegion(zip, null)).toBe(6);
  });

  test('of a military post, or that no state has, is nowhere', () => {
    const military = ['09012', '09801', '34001', '34095', '96201', '96601', '96691'];
    const nobody = ['00000', '00401', '26999', '42900', '52900', '56800', '57900', '58999', '65900', '69900', '71500'];
    for (const zip of [...military, ...nobody, '73200', '81900', '83900', '84900', '86900', '88800', '89900']) {
      expect(climateRegion(zip, 'US'), zip).toBeNull();
    }
  });

  test('in any other form is nowhere', () => {
    const odd = [null, '', '5540', '554011', '5540a', '55401-12', 'K1A 0B1', 'SW1A 1AA', '５５４０１', '55401\n55401'];
    for (const code of odd) expect(climateRegion(code, 'US'), String(code)).toBeNull();
  });

  test('never throws, and answers a region or nothing', () => {
    const code = fc.oneof(
      fc.string(),
      fc.integer({ min: 0, max: 99_999 }).map((n) => `${n}`.padStart(5, '0')),
    );
    const answered = fc.property(fc.option(code), fc.option(fc.string()), (postal_code, country) => {
      expect([null, ...CLIMATE_REGIONS]).toContain(climateRegion(postal_code, country));
    });
    fc.assert(answered, RUNS);
  });
});

describe('a country', () => {
  test('is the United States in any spelling, and where it is not given', () => {
    const spellings = ['us', 'USA', 'U.S.', ' U. S. A. ', 'United States', 'UNITED STATES OF AMERICA', 'America'];
    for (const country of [null, '', '  ', ...spellings, 'The United States', 'Estados Unidos']) {
      expect(climateRegion('60601', country), String(country)).toBe(5);
    }
    for (const country of ['Puerto Rico', 'PR', 'USA']) expect(climateRegion('00901', country)).toBe(1);
    for (const country of ['VI', 'U.S. Virgin Islands', 'Virgin Islands (U.S.)']) {
      expect(climateRegion('00801', country)).toBe(1);
    }
  });

  test('elsewhere has no region, whatever its postal code looks like', () => {
    for (const country of [
      'DE',
      'Germany',
      'Deutschland',
      'México',
      'UK',
      'CA',
      'Соединённые',
      '日本',
      '-',
      'Russia',
    ]) {
      expect(climateRegion('60601', country), country).toBeNull();
    }
  });
});
