import * as z from 'zod';
import { type Container, containersOf, type KubernetesObject, type Pod, type Running, running } from './rendered.ts';

const RESTRICTED = {
  pod: z.object({
    runAsNonRoot: z.literal(true),
    runAsUser: z.literal(10001),
    runAsGroup: z.literal(10001),
    fsGroup: z.literal(10001),
    seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
  }),
  container: z.strictObject({
    allowPrivilegeEscalation: z.literal(false),
    readOnlyRootFilesystem: z.literal(true),
    capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
  }),
};
const FORBIDDEN = ['hostNetwork', 'hostPID', 'hostIPC', 'serviceAccountName'];
const VOLUMES = new Set(['emptyDir', 'configMap', 'secret', 'persistentVolumeClaim']);
/** Of a registry, and by a version or a digest: `name:1.2.3`, `name:1.2.3-bookworm`, `name@sha256:…`. */
const PINNED = /^[\w.-]+\.[a-z]+\/[\w./-]+(:v?\d+\.\d+\.\d+(-[\w.]+)?|@sha256:[0-9a-f]{64})$/;

/** Whatever makes pods and breaks a rule of the house, one line each. */
export const violations = (objects: KubernetesObject[]): string[] =>
  running(objects).flatMap((one) =>
    [...ofPod(one.pod), ...containersOf(one).flatMap(ofContainer), ...ofService(one), ...ofTime(one)].map(
      (fault) => `${one.name}: ${fault}`,
    ),
  );

function ofPod(pod: Pod): string[] {
  const { securityContext, volumes } = pod;
  return [
    ...complaints('pod', RESTRICTED.pod, securityContext),
    ...FORBIDDEN.filter((field) => field in pod).map((field) => `has ${field}`),
    ...volumes.flatMap(({ name, ...source }) =>
      Object.keys(source)
        .filter((kind) => !VOLUMES.has(kind))
        .map((kind) => `mounts ${kind} as ${name}`),
    ),
    ...volumes
      .filter(({ emptyDir }) => emptyDir && !Size.safeParse(emptyDir).success)
      .map(({ name }) => `${name} has no limit`),
  ];
}
const Size = z.object({ sizeLimit: z.string() });

function ofContainer({ name, image, resources, securityContext, env, ports }: Container): string[] {
  const { requests, limits } = resources;
  return [
    ...complaints(name, RESTRICTED.container, securityContext),
    ...(PINNED.test(image) ? [] : [`${name} runs ${image}`]),
    ...['cpu', 'memory'].flatMap((what) => [
      ...(requests[what] ? [] : [`${name} requests no ${what}`]),
      ...(limits[what] ? [] : [`${name} has no limit of ${what}`]),
    ]),
    ...env
      .filter(
        ({ name: key, value }) => value !== undefined && /PASSWORD|SECRET|TOKEN|PRIVATE|DATABASE_URL|KEY/.test(key),
      )
      .map(({ name: key }) => `${name} has ${key} in the open`),
    ...ports.filter(({ hostPort }) => hostPort !== undefined).map((port) => `${name} takes ${port.name} of its node`),
  ];
}

/** Whoever is there all the time says whether it has started, lives and can serve. */
function ofService({ kind, pod }: Running): string[] {
  if (kind === 'CronJob') return [];
  return pod.containers.flatMap((container) =>
    (['startupProbe', 'livenessProbe', 'readinessProbe'] as const)
      .filter((probe) => container[probe] === undefined)
      .map((probe) => `${container.name} has no ${probe}`),
  );
}

/** A pod is killed only after all that it may do once it is told to end. */
function ofTime({ pod }: Running): string[] {
  return pod.containers.flatMap(({ name, env, lifecycle }) => {
    const drain_s = Number(env.find((one) => one.name === 'DRAIN_S')?.value ?? 0);
    const linger_s = Number(env.find((one) => one.name === 'LINGER_S')?.value ?? 0);
    const needed_s = (lifecycle?.preStop.sleep.seconds ?? 0) + linger_s + drain_s + REQUEST_S;
    return needed_s <= pod.terminationGracePeriodSeconds ? [] : [`${name} may be killed while it drains`];
  });
}
/** What a request may take (architecture.md, Failover). */
const REQUEST_S = 10;

function complaints(who: string, schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return error ? error.issues.map(({ path, message }) => `${who}: ${path.join('.')}: ${message}`) : [];
}
