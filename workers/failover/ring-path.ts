/** Where the origin and its worker hear the edge ring. */
export const RING_PATH = '/ring';
