import { Hono } from 'hono';
import { oneTemplate, templates as source } from '../../../db/admin/templates.ts';
import {
  AdminTemplate,
  NewTemplate,
  PreviewedSuggestions,
  SuggestionPreview,
  TemplateChange,
  TemplatesQuery,
} from '../../../domain/admin/template.ts';
import { editTemplate, makeTemplate, previewSuggestions } from '../../../usecases/admin/templates.ts';
import { readAsAdmin } from '../../../usecases/ask-as-admin.ts';
import { list } from '../../http/admin-list.ts';
import { sendMade, sendWritten } from '../../http/answer.ts';
import { body, endpoint, Id, params } from '../../http/contract.ts';
import type { AppEnv } from '../../http/env.ts';

export const templates = new Hono<AppEnv>({ strict: false });

list(templates, '/templates', 'List templates', { row: AdminTemplate, query: TemplatesQuery, source });

templates.get('/templates/:id{[0-9]+}', endpoint('Read a template', { 200: AdminTemplate }), params(Id), async (c) =>
  sendMade(c, await readAsAdmin(c.var.admin, oneTemplate(c.req.valid('param').id))),
);

templates.post(
  '/templates',
  endpoint('Add a template', { 201: AdminTemplate }, [403, 413]),
  body(NewTemplate),
  async (c) => sendWritten(c, await makeTemplate(c.var.admin, c.req.valid('json'))),
);

templates.patch(
  '/templates/:id{[0-9]+}',
  endpoint('Change a template, or take it out of use', { 200: AdminTemplate }, [403, 409, 413]),
  params(Id),
  body(TemplateChange),
  async (c) => sendWritten(c, await editTemplate(c.var.admin, c.req.valid('param').id, c.req.valid('json'))),
);

templates.post(
  '/templates/preview',
  endpoint(
    'Try a template on a home, there or made up; changes nothing',
    { 200: PreviewedSuggestions },
    [403, 404, 413],
  ),
  body(SuggestionPreview),
  async (c) => c.json(await previewSuggestions(c.var.admin, c.req.valid('json'))),
);
