import { Module } from '@nestjs/common';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from '@rollcall/database';
import { CLOCK, CONFIG, HINT_QUEUE, SECRET_HASHER } from '../http/context.module';
import { ManagementModule } from '../management/management.module';
import { createOpenApiDocument } from './create-openapi-document';

/** The names of what a running ingress injects; nothing is called, because a preview makes no instance. */
@Module({})
class NamesModule {
  static forRoot(): DynamicModule {
    const providers = [DataSource, CONFIG, CLOCK, SECRET_HASHER, HINT_QUEUE].map((provide) => ({
      provide,
      useValue: {},
    }));
    return { module: NamesModule, global: true, providers, exports: providers };
  }
}

@Module({ imports: [NamesModule.forRoot(), ManagementModule] })
class DocumentModule {}

/** A program: prints the OpenAPI document without a configuration or a database, for the types of the SDK. */
const app = await NestFactory.create<NestFastifyApplication>(DocumentModule, new FastifyAdapter(), {
  preview: true,
  logger: false,
  abortOnError: false,
});
process.stdout.write(JSON.stringify(createOpenApiDocument(app, 'http://localhost:4000')));
await app.close();
