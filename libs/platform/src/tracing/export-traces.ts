import { diag, DiagLogLevel, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Context, Span as ApiSpan, Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { TracingSettings } from '../config/read-tracing';
import type { Logger } from '../create-logger';
import { readVersion } from '../read-version';
import type { Span, SpanAttributes, SpanOptions, Tracing } from './tracing';

/** A collector that does not answer holds up the end of a process for so long at most. */
const STOP_MS = 2_000;

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
} as const;

/** Makes spans and exports them by OTLP over HTTP, as OpenTelemetry's variables say: where to, which of them, under which name. */
export function exportTraces(
  { protocol }: TracingSettings,
  { service, logger }: { service: string; logger: Logger },
): Tracing {
  tellTroubles(logger);
  const resource = defaultResource()
    .merge(resourceFromAttributes({ 'service.name': service, 'service.version': readVersion() }))
    .merge(detectResources({ detectors: [envDetector] }));
  const exporter = protocol === 'http/json' ? new JsonExporter() : new ProtobufExporter();
  const provider = new NodeTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
  const tracer = provider.getTracer('rollcall', readVersion());
  return {
    start: (name, options = {}) => startSpan(tracer, name, options, contextOf(options.parent)),
    stop: async () => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, STOP_MS)));
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
      clearTimeout(timer);
    },
  };
}

/** That spans cannot be handed over is worth a line, and no more. */
function tellTroubles(logger: Logger): void {
  const tell = (message: string) => logger.warn({ reason: message }, 'traces');
  const silent = () => undefined;
  const logLevel = DiagLogLevel.WARN;
  diag.setLogger(
    { error: tell, warn: tell, info: silent, debug: silent, verbose: silent },
    { logLevel, suppressOverrideMessage: true },
  );
}

function startSpan(tracer: Tracer, name: string, options: SpanOptions, context: Context): Span {
  const { kind = 'internal', links = [], attributes = {}, startTime } = options;
  const span = tracer.startSpan(
    name,
    {
      kind: KINDS[kind],
      links: links.flatMap((link) => {
        const found = spanContextOf(link);
        return found ? [{ context: found }] : [];
      }),
      attributes: { ...attributes },
      startTime,
    },
    context,
  );
  return wrap(tracer, span);
}

function wrap(tracer: Tracer, span: ApiSpan): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceId,
    traceparent: traceFlags & 1 ? `00-${traceId}-${spanId}-01` : null,
    child: (name, options = {}) => startSpan(tracer, name, options, trace.setSpan(ROOT_CONTEXT, span)),
    set: (attributes: SpanAttributes) => void span.setAttributes({ ...attributes }),
    rename: (name) => void span.updateName(name),
    fail: (kind) => void span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', kind),
    end: () => span.end(),
  };
}

function contextOf(traceparent: string | null | undefined): Context {
  const parent = traceparent ? spanContextOf(traceparent) : null;
  return parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

/** https://www.w3.org/TR/trace-context/#traceparent-header; of the flags only whether the trace is kept. */
function spanContextOf(traceparent: string) {
  const found = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/.exec(
    traceparent,
  );
  if (!found) return null;
  const [, traceId = '', spanId = '', flags = ''] = found;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}
