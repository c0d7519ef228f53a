import { previewOpenApiDocument } from './preview-openapi-document';

/** A program: prints the OpenAPI document without a configuration or a database, for the types of the SDK. */
process.stdout.write(JSON.stringify(await previewOpenApiDocument('http://localhost:4000')));
