import { Hono } from 'hono';
import * as z from 'zod';
import { readTemplate, readTemplates, readTemplatesGrouped } from '../../db/templates.ts';
import { line, text } from '../../domain/fields.ts';
import { PageQuery, page, readCursor } from '../../domain/page.ts';
import { Suggestion, Template, TemplateGroup } from '../../domain/template.ts';
import { read } from '../../usecases/ask.ts';
import { suggestTasks } from '../../usecases/tasks/suggest.ts';
import { sendRead } from '../http/answer.ts';
import { endpoint, Id, params, query } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

export const templates = new Hono<AppEnv>({ strict: false });

const TemplatesQuery = PageQuery.extend({
  search: line(100).optional().describe('Part of a title, a description or a tag'),
  category: text(100).optional().describe('The id or the name of a category'),
  category_id: z.coerce.number().int().positive().optional(),
});
const TemplateCursor = z.tuple([text(200), z.int()]);

templates.get(
  '/templates',
  endpoint('List tasks that can be taken over, by title', { 200: page(Template) }),
  query(TemplatesQuery),
  async (c) => {
    const { db, known } = c.var.ctx;
    const { search = null, category = null, category_id = null, limit, cursor } = c.req.valid('query');
    const after = readCursor(TemplateCursor, cursor);
    return sendRead(
      c,
      await read(c.var.ctx, readTemplates(db, { search, category, category_id, limit, after }, known)),
    );
  },
);

templates.get(
  '/templates/grouped',
  endpoint('Read all templates under their categories', { 200: z.array(TemplateGroup) }),
  async (c) => sendRead(c, await read(c.var.ctx, readTemplatesGrouped(c.var.ctx.db, c.var.ctx.known))),
);

templates.get('/templates/:id{[0-9]+}', endpoint('Read a template', { 200: Template }), params(Id), async (c) => {
  const { db, known } = c.var.ctx;
  return sendRead(c, await read(c.var.ctx, readTemplate(db, c.req.valid('param').id, known)));
});

templates.get(
  '/suggestions',
  endpoint('Read the templates that fit a home, the best first', { 200: page(Suggestion) }, [404]),
  query(z.object({ residence_id: z.coerce.number().int().positive() })),
  async (c) => sendRead(c, await suggestTasks(c.var.ctx, c.req.valid('query').residence_id)),
);
