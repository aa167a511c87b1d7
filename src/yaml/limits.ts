/**
 * How deep collections may nest. go-yaml allows 10,000; this one is lower so that every walk over the result may be recursive.
 */
export const DEPTH_LIMIT = 1000
