import { type SQL, sql } from 'drizzle-orm';
import { completionJson } from './completions.ts';
import { contractorJson, seenContractors } from './contractors.ts';
import { documentJson, seenDocuments } from './documents.ts';
import { people, personJson } from './members.ts';
import { homeFields, homes } from './residences.ts';
import { cardJson, cards, withLookUps } from './tasks.ts';
import type { Who } from './who.ts';

const those = (type: string): SQL => sql`(select id from paged where type = ${type}::text and action <> 'deleted')`;

/** What `paged` is about, as each one's own GET answers it: read a type at a time, not a row. Needs `lookUps`. */
export const toldOf = (who: Who): SQL => sql`
  told as (
    select 'residence' as type, h.id as residence_id, h.id, (select row_to_json(x) from (select ${homeFields}) x) as json
    from (${homes(who, sql`r.id in ${those('residence')}`)}) h
    union all
    select 'member', w.residence_id, t.user_id, ${personJson}
    from (select distinct residence_id, id from paged where type = 'member' and action <> 'deleted') w
    cross join lateral (${people(sql`w.residence_id`)}) t where t.user_id = w.id
    union all
    select 'contractor', t.residence_id, t.id, ${contractorJson} from (${seenContractors(who, sql`t.id in ${those('contractor')}`)}) t
    union all
    select 'task', t.residence_id, t.id, ${cardJson} from (${cards(who, sql`t.id in ${those('task')}`)}) t ${withLookUps}
    union all
    select 'completion', d.residence_id, d.id, ${completionJson} from task_taskcompletion d where d.id in ${those('completion')}
    union all
    select 'document', t.residence_id, t.id, ${documentJson(who)} from (${seenDocuments(who, sql`t.id in ${those('document')}`)}) t
  )`;
