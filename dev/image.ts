// node dev/image.ts [--target origin] [--out .build/image]: runs the steps of deploy/Dockerfile in folders, without an
// engine. A base image is what this machine has: the pinned Node, and npm.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, join, matchesGlob, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DockerfileParser, type Flag } from 'dockerfile-ast';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DOCKERFILE = 'deploy/Dockerfile';

export type Instruction = { name: string; words: string[]; flags: Record<string, string>; text: string };

/** A Dockerfile's instructions in their order; `words` are without the flags. */
export function instructionsOf(file: string): Instruction[] {
  const dockerfile = DockerfileParser.parse(readFileSync(join(ROOT, file), 'utf8'));
  return dockerfile.getInstructions().map((instruction) => {
    const flags: Flag[] = 'getFlags' in instruction ? (instruction.getFlags as () => Flag[])() : [];
    return {
      name: instruction.getKeyword(),
      words: instruction.getArguments().map((word) => word.getValue()),
      flags: Object.fromEntries(flags.map((flag) => [flag.getName(), flag.getValue() ?? ''])),
      text: instruction.getArgumentsContent() ?? '',
    };
  });
}

/** A stage under way: the folder that is its `/`, and what the next step finds. */
type Stage = { root: string; workdir: string; env: Record<string, string>; ignored: string[] };

/** Runs every step up to the end of `target`; answers the folder that is the `/` of its image. */
export function buildImage(target: string, out: string): string {
  rmSync(out, { recursive: true, force: true });
  const stages = new Map<string, Stage>();
  const ignored = readFileSync(join(ROOT, `${DOCKERFILE}.dockerignore`), 'utf8')
    .split('\n')
    .filter(Boolean);
  let stage: Stage | undefined;
  for (const instruction of instructionsOf(DOCKERFILE)) {
    if (instruction.name === 'FROM') {
      if (stages.has(target)) break;
      const [base = '', , name = ''] = instruction.words;
      stage = begin(join(out, name), stages.get(base) ?? base, ignored);
      stages.set(name, stage);
    } else if (stage) {
      console.log(`${relative(out, stage.root)}: ${instruction.name} ${instruction.text}`);
      const step = STEPS[instruction.name];
      if (!step) throw new Error(`Nobody here can do ${instruction.name}.`);
      step(stage, instruction, stages);
    }
  }
  const built = stages.get(target);
  if (!built) throw new Error(`${DOCKERFILE} has no stage ${target}.`);
  return built.root;
}

/** From a stage of ours, or from an image of somebody else's, of which only Node is here. */
function begin(root: string, base: Stage | string, ignored: string[]): Stage {
  mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
  if (typeof base !== 'string') {
    cpSync(base.root, root, { recursive: true, verbatimSymlinks: true });
    return { root, ignored, workdir: base.workdir, env: { ...base.env } };
  }
  if (base.startsWith('node:')) symlinkSync(process.execPath, join(root, 'usr/local/bin/node'));
  return { root, ignored, workdir: '/', env: {} };
}

const STEPS: Record<string, (stage: Stage, instruction: Instruction, stages: Map<string, Stage>) => void> = {
  WORKDIR(stage, { words: [folder = '/'] }) {
    stage.workdir = resolve(stage.workdir, folder);
    mkdirSync(join(stage.root, stage.workdir), { recursive: true });
  },
  ENV(stage, { words }) {
    for (const word of words) {
      const [name = '', value = ''] = word.split(/=(.*)/s);
      stage.env[name] = value;
    }
  },
  COPY: copy,
  RUN: run,
  // What starts it and as whom is for whoever starts it.
  USER() {},
  CMD() {},
  ENTRYPOINT() {},
};

/** As Docker copies: a folder's content into the target, a file into a target that ends in a slash or beside others. */
function copy(stage: Stage, { words, flags }: Instruction, stages: Map<string, Stage>): void {
  const [target = '', ...sources] = words.toReversed();
  const to = join(stage.root, resolve(stage.workdir, target));
  const from = flags.from === undefined ? ROOT : stages.get(flags.from)?.root;
  if (from === undefined) throw new Error(`There is no stage ${flags.from}.`);
  for (const source of sources) {
    const path = join(from, source);
    const isInto = statSync(path).isFile() && (target.endsWith('/') || sources.length > 1);
    cpSync(path, isInto ? join(to, basename(source)) : to, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (file) => from !== ROOT || !stage.ignored.some((glob) => matchesGlob(relative(ROOT, file), glob)),
    });
  }
}

/** In the stage's folder, which no command may name by an absolute path; packages come as this machine is set up to fetch them. */
function run(stage: Stage, { text }: Instruction): void {
  const { status } = spawnSync('/bin/sh', ['-c', text], {
    cwd: join(stage.root, stage.workdir),
    env: { ...process.env, ...stage.env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`It ended with ${status}: ${text}`);
}

/** In MiB, by the largest parts of a folder. */
export function sizesOf(folder: string): Map<string, number> {
  const sizes = readdirSync(folder).map((name) => [name, bytesOf(join(folder, name)) / 1024 ** 2] as const);
  return new Map(sizes.sort(([, a], [, b]) => b - a));
}

function bytesOf(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

if (import.meta.main) {
  const { values: options } = parseArgs({
    options: { target: { type: 'string', default: 'origin' }, out: { type: 'string', default: '.build/image' } },
  });
  const root = buildImage(options.target, resolve(options.out));
  for (const [name, mebibytes] of sizesOf(join(root, 'app')))
    console.log(`${mebibytes.toFixed(1).padStart(7)} MiB ${name}`);
  if (!existsSync(join(root, 'app'))) process.exit(1);
}
