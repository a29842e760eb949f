import { strict as assert } from 'node:assert';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { SERVE_USAGE } from '../../src/cli/serve/arguments';
import { SAFETY_CHOICES } from '../../src/core/request/safety';
import { Metrics } from '../../src/server/metrics';
import { ROOT } from '../support/paths';

const DOCKER = path.join(ROOT, 'deploy', 'docker');
const RAY = path.join(ROOT, 'deploy', 'ray');
const read = (...names: string[]) => readFileSync(path.join(...names), 'utf8');

/** The instructions of a Dockerfile, each in one line. */
function instructions(file: string): readonly (readonly [name: string, rest: string])[] {
  const lines = read(DOCKER, file).replaceAll(/^#.*\n/gm, '').replaceAll(/\\\n\s*/g, '').split('\n'); // prettier-ignore
  return lines
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...rest] = line.split(' ');
      return [name, rest.join(' ')] as const;
    });
}

function valuesOf(file: string, name: string): string[] {
  return instructions(file).flatMap(([one, rest]) => (one === name ? [rest] : []));
}

function optionsIn(text: string): string[] {
  return text.match(/--[a-z][a-z-]+/g) ?? [];
}

const VARIABLES = read(ROOT, 'docs', 'COMMAND-LINE.md');

describe('deploy/docker/Dockerfile', () => {
  const port = '7860';
  const [, runtime = ''] = read(DOCKER, 'Dockerfile')
    .split(/^FROM /m)
    .slice(1);

  it('runs on a version of Node that Easel takes', () => {
    const { engines } = JSON.parse(read(ROOT, 'package.json')) as { engines: { node: string } };
    const oldest = Number(/>=(\d+)/.exec(engines.node)?.[1]);
    for (const image of valuesOf('Dockerfile', 'FROM')) {
      assert.ok(Number(/^node:(\d+)-/.exec(image)?.[1]) >= oldest, image);
    }
  });

  it('packs what the package has', () => {
    const staged = read(ROOT, 'scripts', 'package', 'extension.ts');
    const copied = runtime.match(/\/easel\/[\w.]+/g) ?? [];
    assert.ok(copied.length >= 5);
    for (const file of copied) {
      const name = path.posix.basename(file);
      assert.ok(staged.includes(`'${name}'`) || staged.includes(`'${name}/`), name);
    }
    const [removed = ''] = /rm -r (.+)/.exec(read(DOCKER, 'Dockerfile'))?.slice(1) ?? [];
    const bundles = removed.split(' ').map((file) => path.posix.basename(file));
    assert.equal(bundles.length, 3);
    for (const name of bundles) assert.ok(existsSync(path.join(ROOT, 'dist', name)), name);
    assert.ok(runtime.includes('/opt/easel/dist/cli.js'));
  });

  it('serves with options that there are, at one port, and not as root', () => {
    const [command = '[]'] = valuesOf('Dockerfile', 'CMD');
    const args = JSON.parse(command) as string[];
    assert.equal(args[0], 'serve');
    for (const option of optionsIn(command)) assert.ok(SERVE_USAGE.includes(option), option);
    assert.equal(args[args.indexOf('--port') + 1], port);
    assert.deepEqual(valuesOf('Dockerfile', 'EXPOSE'), [port]);
    assert.match(valuesOf('Dockerfile', 'HEALTHCHECK').join(), /127\.0\.0\.1:7860\/health/);
    assert.deepEqual(valuesOf('Dockerfile', 'USER'), ['1000:1000']);
    for (const [name] of valuesOf('Dockerfile', 'ENV')
      .join(' ')
      .matchAll(/\b[A-Z_]+(?==)/g)) {
      assert.ok(VARIABLES.includes(`\`${name}\``), name);
    }
  });
});

interface Compose {
  readonly services: {
    readonly easel: Service & { readonly environment: Record<string, string> };
    readonly prometheus: Service;
  };
  readonly secrets: Record<string, { readonly environment: string }>;
  readonly volumes: Record<string, unknown>;
}

interface Service {
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly ports: readonly (string | { readonly target: number })[];
  readonly volumes: readonly string[];
  readonly secrets?: readonly string[];
}

describe('deploy/docker/compose.yaml', () => {
  const { services, secrets, volumes } = parse(read(DOCKER, 'compose.yaml')) as Compose;
  const { easel, prometheus } = services;

  it('names files, volumes and secrets that there are', () => {
    const { context = '', dockerfile = '' } = easel.build ?? {};
    assert.equal(path.resolve(DOCKER, context), ROOT);
    assert.ok(existsSync(path.join(ROOT, dockerfile)));
    for (const mount of [...easel.volumes, ...prometheus.volumes]) {
      const [source = ''] = mount.split(':');
      const isThere = source.startsWith('.')
        ? existsSync(path.join(DOCKER, source))
        : source in volumes;
      assert.ok(isThere, source);
    }
    for (const name of prometheus.secrets ?? []) assert.ok(name in secrets, name);
    const [token = '', ...others] = Object.keys(easel.environment);
    assert.deepEqual(others, []);
    assert.ok(SERVE_USAGE.includes(token));
    assert.equal(secrets.easel_token?.environment, token);
    // Without it, Compose does not start.
    assert.match(easel.environment[token] ?? '', /:\?/);
  });

  it('lets Prometheus read each container at its port, with the token', () => {
    interface Config {
      readonly rule_files: readonly string[];
      readonly scrape_configs: readonly {
        readonly authorization: { readonly credentials_file: string };
        readonly dns_sd_configs: readonly { readonly names: string[]; readonly port: number }[];
      }[];
    }
    const config = parse(read(DOCKER, 'prometheus.yaml')) as Config;
    const mounted = prometheus.volumes.map((mount) => mount.split(':').slice(0, 2));
    for (const file of ['prometheus.yaml', ...config.rule_files]) {
      const target = mounted.find(([source]) => source === `./${file}`)?.[1];
      assert.equal(target, `/etc/prometheus/${file}`);
    }
    const [job, ...others] = config.scrape_configs;
    assert.deepEqual(others, []);
    const [secret = ''] = prometheus.secrets ?? [];
    assert.equal(job?.authorization.credentials_file, `/run/secrets/${secret}`);
    const [found] = job.dns_sd_configs;
    assert.deepEqual(found?.names, ['easel']);
    const [published] = easel.ports;
    assert.ok(typeof published === 'object');
    assert.equal(found.port, published.target);
  });

  it('warns by metrics and labels that there are', async () => {
    const known = await new Metrics().registry.getMetricsAsJSON();
    const names = known.map(({ name }) => name);
    const rules = read(DOCKER, 'alerts.yaml');
    const used = rules.match(/\beasel_[a-z_]+/g) ?? [];
    assert.ok(used.length >= 3);
    for (const name of used) {
      assert.ok(names.includes(name.replace(/_bucket$/, '')), `there is no metric ${name}`);
    }
    assert.match(rules, /outcome="drawn"/);
  });
});

describe('deploy/ray', () => {
  interface Cluster {
    readonly applications: readonly {
      readonly runtime_env: { readonly env_vars: Record<string, string> };
      readonly args: Record<string, unknown> & { readonly options: string[] };
    }[];
  }

  const { applications } = parse(read(RAY, 'cluster.yaml')) as Cluster;
  const [application] = applications;
  assert.ok(application);

  it('has settings and options in cluster.yaml that there are', () => {
    const settings = read(RAY, 'easel_ray', 'app.py');
    for (const name of Object.keys(application.args)) {
      assert.match(settings, new RegExp(`^ {4}${name}: .* = Field\\(`, 'm'));
    }
    for (const option of optionsIn(application.args.options.join(' '))) {
      assert.ok(SERVE_USAGE.includes(option), option);
    }
    for (const name of Object.keys(application.runtime_env.env_vars)) {
      assert.ok(name === 'PYTHONPATH' || VARIABLES.includes(`\`${name}\``), name);
    }
  });

  it('starts replicas with options that there are', () => {
    const started = [read(RAY, 'easel_ray', 'child.py'), read(RAY, 'easel_ray', 'app.py')].join();
    const used = optionsIn(started).filter((option) => option !== '--version');
    assert.ok(used.includes('--end-with-input') && used.includes('--threads'));
    for (const option of used) assert.ok(SERVE_USAGE.includes(option), option);
  });

  it('knows what the safety checker can be told', () => {
    const [, known = ''] =
      /^SAFETY_CHOICES = \((.*)\)$/m.exec(read(RAY, 'easel_ray', 'child.py')) ?? [];
    assert.deepEqual(
      [...known.matchAll(/"(\w+)"/g)].map(([, name]) => name),
      SAFETY_CHOICES,
    );
  });

  it('refuses and forwards routes that there are', () => {
    const routes = read(RAY, 'easel_ray', 'api.py').match(/"\/(?:v1|sdapi)\/[\w/]+"/g) ?? [];
    const served = ['openai', 'a1111'].map((api) => read(ROOT, 'src', 'server', api, 'routes.ts'));
    assert.ok(routes.length >= 9);
    for (const route of routes) {
      const name = path.posix.basename(route.replaceAll('"', ''));
      assert.ok(
        served.some((text) => text.includes(name)),
        route,
      );
    }
  });

  it('asks for the packages that it is tested with', () => {
    const group = /^ray = \[([^]+?)^\]$/m.exec(read(ROOT, 'pyproject.toml'))?.[1] ?? '';
    const tested = new Map([...group.matchAll(/"([^"=]+)==([\d.]+)"/g)].map(([, a, b]) => [a, b]));
    const wanted = read(RAY, 'requirements.txt').trim().split('\n');
    assert.ok(wanted.length >= 3);
    for (const line of wanted) {
      const [, name, low = '', high = ''] = /^([^>]+)>=([\d.]+),<([\d.]+)$/.exec(line) ?? [];
      const version = tested.get(name) ?? '';
      assert.ok(compare(low, version) <= 0 && compare(version, high) < 0, `${line}: ${version}`);
    }
    const image = valuesOf('ray.Dockerfile', 'FROM').at(-1);
    assert.equal(image, `rayproject/ray:${tested.get('ray[serve]')}-py311`);
  });

  it('is in the image where cluster.yaml looks for it', () => {
    const folder = application.runtime_env.env_vars.PYTHONPATH ?? '';
    const copied = valuesOf('ray.Dockerfile', 'COPY').filter((rest) => !rest.startsWith('--from'));
    assert.deepEqual(copied, [`deploy/ray ${folder}`]);
    assert.ok(valuesOf('ray.Dockerfile', 'ENV').join().includes(`PYTHONPATH=${folder} `));
    // Three folders above easel_ray, where it looks for dist/cli.js.
    assert.equal(path.posix.resolve(folder, '../..'), '/opt/easel');
  });
});

/** Of two versions: below 0 where the first one is older. */
function compare(a: string, b: string): number {
  const [first, second] = [a, b].map((version) => version.split('.').map(Number));
  for (let k = 0; k < Math.max(first!.length, second!.length); k++) {
    const difference = (first![k] ?? 0) - (second![k] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
