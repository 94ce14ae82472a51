import * as z from 'zod';

/** IECC climate zones without their moisture letter: 1 is very hot, 8 is subarctic. */
export const CLIMATE_REGIONS = [1, 2, 3, 4, 5, 6, 7, 8] as const;

export const ClimateRegion = z.literal(CLIMATE_REGIONS);
export type ClimateRegion = z.infer<typeof ClimateRegion>;

/**
 * The first three digits of a ZIP at which each state begins. `--` belongs to nobody, or to the military; a prefix that
 * is not in use counts as the state's around it. 967 is American Samoa's too, 969 the Northern Marianas' and Micronesia's.
 */
const BORDERS = `005NY 006PR 008VI 009PR 010MA 028RI 030NH 039ME 050VT 055MA 056VT 060CT 070NJ 090-- 100NY 150PA 197DE
  200DC 201VA 202DC 206MD 220VA 247WV 269-- 270NC 290SC 300GA 320FL 340-- 341FL 350AL 370TN 386MS 398GA 400KY 428--
  430OH 460IN 480MI 500IA 529-- 530WI 550MN 568-- 569DC 570SD 578-- 580ND 589-- 590MT 600IL 630MO 659-- 660KS 680NE
  694-- 700LA 715-- 716AR 730OK 732-- 733TX 734OK 750TX 800CO 817-- 820WY 832ID 839-- 840UT 848-- 850AZ 866-- 870NM
  885TX 886-- 889NV 899-- 900CA 962-- 967HI 969GU 970OR 980WA 995AK`.split(/\s+/);

/**
 * The zone in which the most people of a state live, by the IECC's county table of 2006 to 2018, which is also in the
 * Building America guide to climate regions. Where a state spans several this is Houston's for Texas, Tampa's for
 * Florida, Las Vegas's for Nevada, Raleigh's for North Carolina, New York City's for New York, Pittsburgh's for
 * Pennsylvania, Minneapolis's for Minnesota, Anchorage's for Alaska. The table of 2021 moved a tenth of the counties,
 * nearly all of them to the next warmer zone.
 */
const STATES: Record<ClimateRegion, string> = {
  1: 'GU HI PR VI',
  2: 'AZ FL LA TX',
  3: 'AL AR CA GA MS NV OK SC',
  4: 'DC DE KS KY MD MO NC NJ NM NY OR TN VA WA WV',
  5: 'CO CT IA ID IL IN MA MI NE NH OH PA RI UT',
  6: 'ME MN MT SD VT WI WY',
  7: 'AK ND',
  8: '',
};

/** Fairbanks, the Interior and the Arctic, all of it in zone 8, as most of the people of Alaska are not. */
const NORTHERN_ALASKA = '997';

/** The United States and its territories as people and phones write them, but for spaces and punctuation. */
const NAMES = new Set(
  `us usa usofa unitedstates unitedstatesofamerica theunitedstates theunitedstatesofamerica america eeuu estadosunidos
  puertorico pr pri guam gu gum americansamoa as asm northernmarianaislands mp mnp virginislands usvirginislands
  virginislandsus vi vir`.split(/\s+/),
);

const ZIP = /^(\d{3})\d{2}(?:[- ]?\d{4})?$/;

/** The climate at a postal address, or null outside the United States and for a code that no state has. */
export function climateRegion(postal_code: string | null, country: string | null): ClimateRegion | null {
  const [, prefix] = ZIP.exec(postal_code?.trim() ?? '') ?? [];
  if (!prefix || !isUnitedStates(country ?? '')) return null;
  if (prefix === NORTHERN_ALASKA) return 8;
  const state = BORDERS.findLast((border) => border.slice(0, 3) <= prefix)?.slice(3);
  return CLIMATE_REGIONS.find((region) => state && STATES[region].includes(state)) ?? null;
}

/** An address without a country is taken for one at home. */
const isUnitedStates = (country: string) =>
  country.trim() === '' || NAMES.has(country.toLowerCase().replace(/[\s\p{P}]/gu, ''));
