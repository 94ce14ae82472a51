import { expectThere } from '../../db/admin/guard.ts';
import { addedTemplate, addTemplate, findPreview, oneTemplate, updateTemplate } from '../../db/admin/templates.ts';
import type { NewTemplate, SuggestionPreview, TemplateChange } from '../../domain/admin/template.ts';
import { type Home, scoreTemplate, suggest } from '../../domain/template.ts';
import { nothingHere } from '../ask.ts';
import { askAsAdmin } from '../ask-as-admin.ts';
import { commitAsAdmin } from '../commit-as-admin.ts';
import type { AdminContext } from '../enter-admin.ts';

export const makeTemplate = (ctx: AdminContext, template: NewTemplate) =>
  commitAsAdmin(ctx, { changes: [addTemplate(ctx.db, template)], status: 201, answer: addedTemplate });

export const editTemplate = (ctx: AdminContext, id: number, change: TemplateChange) =>
  commitAsAdmin(ctx, {
    changes: [
      expectThere(ctx.db, 'task_tasktemplate', id),
      ...(Object.keys(change).length > 0 ? [updateTemplate(ctx.db, id, change)] : []),
    ],
    status: 200,
    answer: oneTemplate(id),
  });

/** What would be suggested to a home, there or made up, and how a template as it is sent would do. */
export async function previewSuggestions(ctx: AdminContext, { residence_id, profile, template }: SuggestionPreview) {
  const { found } = await askAsAdmin(ctx, findPreview(ctx.db, residence_id ?? null));
  if (residence_id !== undefined && found.home === null) throw nothingHere();
  const home = { ...found.home, ...profile } as Home;
  const score = template ? scoreTemplate(template.conditions, home) : null;
  return { score, results: suggest(found.templates, home) };
}
