import { CreateBaseline1790000001000 } from './1790000001000-create-baseline';

/** In order. Tables, indexes and policies only; functions stand in ../sql. */
export const migrations = [CreateBaseline1790000001000];
