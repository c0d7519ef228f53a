export * from './publish-imported';
