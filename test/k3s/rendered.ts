import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { render } from '../../dev/kubectl.ts';

/** What the policies look at; whether an object is right as a whole is the schema's to say. */
const Labels = z.record(z.string(), z.string()).default({});
const Selector = z.object({ matchLabels: Labels, matchExpressions: z.array(z.looseObject({})).optional() });
const Quantities = z.record(z.string(), z.string());
const SecretKey = z.object({ name: z.string(), key: z.string(), optional: z.boolean().default(false) });

const Container = z.looseObject({
  name: z.string(),
  image: z.string(),
  command: z.array(z.string()).default([]),
  args: z.array(z.string()).default([]),
  env: z
    .array(
      z.looseObject({
        name: z.string(),
        value: z.string().optional(),
        valueFrom: z.looseObject({ secretKeyRef: SecretKey.optional() }).optional(),
      }),
    )
    .default([]),
  envFrom: z.array(z.object({ configMapRef: z.object({ name: z.string() }) })).default([]),
  ports: z.array(z.looseObject({ name: z.string(), containerPort: z.int() })).default([]),
  resources: z.object({ requests: Quantities, limits: Quantities }),
  securityContext: z.looseObject({}),
  lifecycle: z.object({ preStop: z.object({ sleep: z.object({ seconds: z.int() }) }) }).optional(),
  startupProbe: z.looseObject({}).optional(),
  livenessProbe: z.looseObject({}).optional(),
  readinessProbe: z.looseObject({}).optional(),
  volumeMounts: z.array(z.looseObject({ name: z.string(), mountPath: z.string() })).default([]),
});
export type Container = z.infer<typeof Container>;

const Pod = z.looseObject({
  automountServiceAccountToken: z.literal(false),
  terminationGracePeriodSeconds: z.int(),
  securityContext: z.looseObject({}),
  initContainers: z.array(Container).default([]),
  containers: z.array(Container).min(1),
  volumes: z.array(z.looseObject({ name: z.string() })).default([]),
  imagePullSecrets: z.array(z.object({ name: z.string() })).default([]),
});
export type Pod = z.infer<typeof Pod>;

const Template = z.object({ metadata: z.object({ labels: Labels }), spec: Pod });
const Workload = z.looseObject({
  replicas: z.int().optional(),
  selector: Selector.optional(),
  template: Template.optional(),
  jobTemplate: z.object({ spec: z.looseObject({ template: Template }) }).optional(),
});

const KubernetesObject = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    annotations: Labels,
    labels: Labels,
  }),
});
export type KubernetesObject = z.infer<typeof KubernetesObject>;

/** All that `kubectl apply -k` would send. */
export const rendered = (overlay: string): KubernetesObject[] =>
  parseAllDocuments(render(overlay)).map((document) => KubernetesObject.parse(document.toJS()));

export type Running = { name: string; kind: string; replicas: number; labels: Record<string, string>; pod: Pod };

/** Whatever makes pods. */
export function running(objects: KubernetesObject[]): Running[] {
  return objects.flatMap(({ kind, metadata: { name }, spec }) => {
    if (!['Deployment', 'StatefulSet', 'CronJob', 'Job', 'DaemonSet'].includes(kind)) return [];
    const { replicas = 1, template, jobTemplate } = Workload.parse(spec);
    const made = template ?? jobTemplate?.spec.template;
    if (!made) throw new Error(`${kind} ${name} makes no pods.`);
    return [{ name, kind, replicas, labels: made.metadata.labels, pod: made.spec }];
  });
}

export const containersOf = ({ pod }: Running): Container[] => [...pod.initContainers, ...pod.containers];

/** Whether a selector means pods with these labels. */
export function selects(selector: unknown, labels: Record<string, string>): boolean {
  const { matchLabels, matchExpressions = [] } = Selector.parse(selector);
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every((expression) => {
      const { key, values } = Expression.parse(expression);
      return values.includes(labels[key] ?? '');
    })
  );
}
const Expression = z.object({ key: z.string(), operator: z.literal('In'), values: z.array(z.string()) });
