import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const RULES = new URL('../../observability/prometheus/rollcall-alerts.yml', import.meta.url);

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { name: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  readonly securityContext: object;
}

interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: Record<string, unknown> & {
    readonly replicas?: number;
    readonly template?: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: { readonly containers: readonly Container[]; readonly securityContext: object };
    };
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  };
}

/** What has to be set; all else has a value. */
const LEAST = { publicUrl: 'https://directory.example.com', image: { repository: 'registry.example.com/rollcall' } };

/** Everything that is off by default, on. */
const ALL = {
  ...LEAST,
  secrets: { direct: true, cells: true, redis: true, smtp: true, previousKey: true, bootstrapClient: 'first-client' },
  image: { ...LEAST.image, digest: `sha256:${'0'.repeat(64)}`, pullSecrets: ['registry'] },
  trustedProxies: '10.0.0.0/8',
  ingress: { autoscaling: { enabled: true, requestsMetric: 'http_requests_per_second' } },
  worker: { autoscaling: { enabled: true } },
  route: {
    enabled: true,
    className: 'nginx',
    host: 'directory.example.com',
    tlsSecret: 'directory-tls',
    annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '16m' },
  },
  monitoring: { serviceMonitor: true, prometheusRule: true, labels: { release: 'prometheus' } },
  networkPolicy: { databasePort: 6432, moreRedisPorts: [26_379] },
  nodeSelector: { 'kubernetes.io/arch': 'arm64' },
};

function render(values: object): Manifest[] {
  const run = spawnSync(process.execPath, ['infra/deploy/helm/render-chart.js', JSON.stringify(values)], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(run.stderr);
  const [notes, ...documents] = run.stdout.split(/^---\n# Source: rollcall\/templates\//m).slice(1);
  expect(notes).toMatch(/^NOTES\.txt\n/);
  return documents.flatMap((text) =>
    parseAllDocuments(text.slice(text.indexOf('\n'))).flatMap((document) => {
      expect(document.errors).toEqual([]);
      const manifest = document.toJS() as Manifest | null;
      return manifest ? [manifest] : [];
    }),
  );
}

/** Where the types of a manifest are; the name of the type is its kind, with an I before it. */
function typesOf(apiVersion: string): string {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  if (group === 'monitoring.coreos.com') return `@kubernetes-models/prometheus-operator/${apiVersion}`;
  if (group === 'postgresql.cnpg.io') return `@kubernetes-models/cloudnative-pg/${apiVersion}`;
  return `kubernetes-models/${group ? `${group}/` : ''}${version}`;
}

/** What Kubernetes' own schemas say against manifests, made from its OpenAPI documents and the operators' resource definitions. */
function validate(manifests: readonly Manifest[]): string[] {
  const load = createRequire(import.meta.url);
  return manifests.flatMap((manifest) => {
    const { kind, metadata, apiVersion } = manifest;
    const models = load(typesOf(apiVersion)) as Record<string, new (data: unknown) => { validate(): void }>;
    const Model = models[kind];
    if (!Model) return [`${kind} is no kind of ${apiVersion}`];
    try {
      new Model(manifest).validate();
      return [];
    } catch (error) {
      return [`${kind} ${metadata.name}: ${(error as Error).message}`];
    }
  });
}

/** What the compiler says against manifests as literals of Kubernetes' types: a field that there is none of, too. */
function compile(manifests: readonly Manifest[]): string {
  const cache = join(ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'chart-'));
  const lines = manifests.map(({ kind, apiVersion, ...rest }, index) => {
    const type = `import('${typesOf(apiVersion)}').I${kind}`;
    return `export const manifest${index}: ${type} = ${JSON.stringify({ apiVersion, kind, ...rest })};`;
  });
  writeFileSync(join(folder, 'manifests.ts'), lines.join('\n'));
  const compiler = join(ROOT, 'node_modules/typescript-7/bin/tsc');
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler'];
  try {
    return spawnSync(process.execPath, [compiler, ...flags, '--types', '', join(folder, 'manifests.ts')], {
      encoding: 'utf8',
    }).stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const least = render(LEAST);
const all = render(ALL);
const example = parse(read('rollcall/examples/cloudnative-pg.yaml')) as Manifest;

function named(manifests: readonly Manifest[], kind: string, name: string): Manifest {
  const found = manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  if (!found) throw new Error(`There is no ${kind} ${name}.`);
  return found;
}

function isValid(values: object): boolean {
  const schema = JSON.parse(read('rollcall/values.schema.json')) as object;
  return new Ajv({ strict: false }).compile(schema)(values);
}

describe('the chart', () => {
  it('is Kubernetes’ resources and the operators’, with the least that must be set and with everything on', () => {
    expect(validate([...least, ...all, example])).toEqual([]);
    const kinds = (manifests: readonly Manifest[]) => [...new Set(manifests.map(({ kind }) => kind))].toSorted();
    const always = [
      'ConfigMap',
      'Deployment',
      'Job',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
    ];
    expect(kinds(least)).toEqual(always);
    const optional = ['HorizontalPodAutoscaler', 'Ingress', 'PrometheusRule', 'ServiceMonitor'];
    expect(kinds(all)).toEqual([...always, ...optional].toSorted());
  });

  it('has no field that Kubernetes does not know', () => {
    expect(compile([...least, ...all, example])).toBe('');
    const [first] = least as [Manifest];
    expect(compile([{ ...first, spek: {} } as unknown as Manifest])).toContain('spek');
  });

  it('takes its own values with an address, and refuses what is unknown, missing or contradicts itself', () => {
    const own = parse(read('rollcall/values.yaml')) as Record<string, object>;
    const values = { ...own, ...LEAST, image: { ...own.image, ...LEAST.image } };
    expect(isValid(values)).toBe(true);
    expect(isValid({ ...values, image: own.image })).toBe(false);
    expect(isValid({ ...values, publicUrl: own.publicUrl })).toBe(false);
    expect(isValid({ ...values, publicUrl: 'https://my_directory.example.com' })).toBe(false);
    expect(isValid({ ...values, replicas: 2 })).toBe(false);
    expect(isValid({ ...values, config: { SECRET_KEY: 'in plain text' } })).toBe(false);
    expect(isValid({ ...values, route: { ...own.route, enabled: true } })).toBe(false);
  });

  it('runs nobody as root, with a right or on a disk that can be written', () => {
    const pods = all.flatMap(({ spec }) => spec?.template ?? []);
    expect(pods).toHaveLength(3);
    for (const { spec } of pods) {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      for (const { securityContext, image } of spec.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(image).toBe(`registry.example.com/rollcall@sha256:${'0'.repeat(64)}`);
      }
    }
  });

  it('holds no secret: each comes from one that is there, and the owner’s login reaches the setup job alone', () => {
    expect(all.filter(({ kind }) => kind === 'Secret')).toEqual([]);
    for (const { kind, spec } of all) {
      for (const { env } of spec?.template?.spec.containers ?? []) {
        const secrets = env.filter(({ valueFrom }) => valueFrom).map(({ name }) => name);
        expect(secrets).toEqual(
          expect.arrayContaining([
            'DATABASE_URL',
            'DATABASE_DIRECT_URL',
            'CELLS',
            'SECRET_KEY',
            'REDIS_URL',
            'SMTP_URL',
          ]),
        );
        for (const owner of ['DATABASE_OWNER_URL', 'CELLS_OWNER']) expect(secrets.includes(owner)).toBe(kind === 'Job');
      }
    }
    expect(named(all, 'Job', 'directory-setup').metadata.annotations).toMatchObject({
      'helm.sh/hook': 'pre-install,pre-upgrade',
    });
  });

  it('has a place for every variable that docker-compose.yml has, and for every one that may not stand among its values', () => {
    const compose = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as {
      services: Record<string, { environment?: Record<string, string> }>;
    };
    const variables = ['setup', 'ingress', 'worker'].flatMap((name) =>
      Object.keys(compose.services[name]?.environment ?? {}),
    );
    expect(variables).toContain('DATABASE_URL');
    const image = readFileSync(join(ROOT, 'infra/docker/Dockerfile'), 'utf8');
    const set = [
      ...all.flatMap(
        ({ spec }) => spec?.template?.spec.containers.flatMap(({ env }) => env.map(({ name }) => name)) ?? [],
      ),
      ...all.flatMap((manifest) => (manifest.kind === 'ConfigMap' ? Object.keys(manifest.data ?? {}) : [])),
      ...[...image.matchAll(/\b([A-Z_]+)=/g)].map(([, name]) => name),
    ];
    const own = parse(read('rollcall/values.yaml')) as { image: object };
    const mayBeSet = (name: string) =>
      isValid({ ...own, ...LEAST, image: { ...own.image, ...LEAST.image }, config: { [name]: 'x' } });
    const { properties } = JSON.parse(read('rollcall/values.schema.json')) as {
      properties: { config: { propertyNames: { not: { enum: string[] } } } };
    };
    const refused = properties.config.propertyNames.not.enum;
    expect([...variables, ...refused].filter((name) => !set.includes(name) && !mayBeSet(name))).toEqual([]);
  });

  it('lets processes out to the pooler and past it, and to Sentinels', () => {
    const portsOf = (manifests: Manifest[], role: string) => {
      const { egress } = named(manifests, 'NetworkPolicy', `directory-${role}`).spec as {
        egress: { ports: { port: number }[] }[];
      };
      return egress.flatMap(({ ports }) => ports.map(({ port }) => port));
    };
    for (const role of ['ingress', 'worker']) {
      expect(portsOf(least, role)).toEqual(expect.arrayContaining([5432, 6379]));
      expect(portsOf(all, role)).toEqual(expect.arrayContaining([6432, 5432, 6379, 26_379]));
    }
  });

  it('selects by its policies and services the pods that they are about, and never the setup job', () => {
    const podsOf = (labels: Readonly<Record<string, string>>) =>
      least.flatMap(({ metadata, spec }) => {
        const pod = spec?.template?.metadata.labels;
        return pod && Object.entries(labels).every(([name, value]) => pod[name] === value) ? [metadata.name] : [];
      });
    for (const role of ['ingress', 'worker']) {
      const name = `directory-${role}`;
      for (const kind of ['Deployment', 'PodDisruptionBudget']) {
        expect(podsOf(named(least, kind, name).spec.selector?.matchLabels ?? {}), `${kind} ${name}`).toEqual([name]);
      }
      const { podSelector } = named(least, 'NetworkPolicy', name).spec as { podSelector: { matchLabels: object } };
      expect(podsOf(podSelector.matchLabels as Record<string, string>)).toEqual([name]);
    }
    const selectorOf = (service: string) => named(least, 'Service', service).spec.selector as Record<string, string>;
    expect(podsOf(selectorOf('directory'))).toEqual(['directory-ingress']);
    expect(podsOf(selectorOf('directory-operations'))).toEqual(['directory-ingress', 'directory-worker']);
  });

  it('leaves the number of pods to the autoscaler where there is one', () => {
    for (const name of ['directory-ingress', 'directory-worker']) {
      expect(named(least, 'Deployment', name).spec.replicas).toBe(2);
      expect(named(all, 'Deployment', name).spec.replicas).toBeUndefined();
    }
  });

  it('replaces the pods when a variable changes', () => {
    const changed = render({ ...LEAST, config: { LOG_LEVEL: 'debug' } });
    for (const name of ['directory-ingress', 'directory-worker']) {
      const template = (manifests: Manifest[]) => JSON.stringify(named(manifests, 'Deployment', name).spec.template);
      expect(template(changed)).not.toBe(template(least));
    }
  });

  it('has the version of the program', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
    const chart = parse(read('rollcall/Chart.yaml')) as { version: string; appVersion: string };
    const values = parse(read('rollcall/values.yaml')) as { image: { tag: string } };
    expect([chart.version, chart.appVersion, values.image.tag]).toEqual([version, version, version]);
  });

  it('has the alert rules as they are: `node infra/deploy/helm/copy-alerts.js` takes them anew', () => {
    expect(named(all, 'PrometheusRule', 'directory').spec).toEqual(parse(readFileSync(RULES, 'utf8')));
  });
});
