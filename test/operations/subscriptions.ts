import type { Samples } from './sample.ts';

export const SUBSCRIPTIONS: Samples = {};
