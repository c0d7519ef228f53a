import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DataSource } from '@rollcall/database';
import { createMetrics } from '@rollcall/platform';
import { ContextModule } from '../http/context.module';
import type { IngressContext } from '../http/context.module';
import { LimitsModule } from '../http/limits.module';
import { ManagementModule } from '../management/management.module';
import { createOpenApiDocument } from './create-openapi-document';

/** The database's name, which a running ingress injects; nothing is called, because a preview makes no instance. */
@Module({})
class DatabaseNameModule {
  static forRoot(): DynamicModule {
    const providers = [{ provide: DataSource, useValue: {} }];
    return { module: DatabaseNameModule, global: true, providers, exports: providers };
  }
}

// Of the context, too, a preview asks for the names alone; only a counter is made at once.
const context = ContextModule.forRoot({ metrics: createMetrics('openapi') } as IngressContext);

@Module({ imports: [DatabaseNameModule.forRoot(), context, LimitsModule, ManagementModule] })
class DocumentModule {}

/** The OpenAPI document without a configuration or a database, the same as a running ingress of that address serves. */
export async function previewOpenApiDocument(publicUrl: string): Promise<OpenAPIObject> {
  const app = await NestFactory.create<NestFastifyApplication>(DocumentModule, new FastifyAdapter(), {
    preview: true,
    logger: false,
    abortOnError: false,
  });
  try {
    return createOpenApiDocument(app, publicUrl);
  } finally {
    await app.close();
  }
}
