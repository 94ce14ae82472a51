import { Hono } from 'hono';
import { readFeatures, readSubscription } from '../../db/subscriptions.ts';
import {
  ApplePurchase,
  BillingPage,
  Checkout,
  Features,
  GooglePurchase,
  Portal,
  Received,
  Subscription,
} from '../../domain/subscription.ts';
import { read } from '../../usecases/ask.ts';
import { openCheckout } from '../../usecases/subscriptions/open-checkout.ts';
import { openPortal } from '../../usecases/subscriptions/open-portal.ts';
import { receiveWebhook } from '../../usecases/subscriptions/receive-webhook.ts';
import { showApplePurchase } from '../../usecases/subscriptions/show-apple-purchase.ts';
import { showGooglePurchase } from '../../usecases/subscriptions/show-google-purchase.ts';
import { storeOf } from '../../usecases/subscriptions/store-of.ts';
import { sendRead, sendWritten } from '../http/answer.ts';
import { body, endpoint } from '../http/contract.ts';
import type { AppEnv } from '../http/env.ts';

/** Above the sign-in line: what the stores send proves itself by its signature over the body as it came. */
export const webhooks = new Hono<AppEnv>({ strict: false });

const told = (by: string) => endpoint(`Take a notification of ${by}`, { 200: Received }, [400, 413]);

webhooks.post('/apple', told('the App Store'), async (c) => {
  const event = await storeOf(c.env.stores, 'apple').verifyNotification(c.var.body, c.env.now());
  return c.json(await receiveWebhook(c.var.asking, event));
});

webhooks.post('/google', told('the Play Store'), async (c) => {
  const google = storeOf(c.env.stores, 'google');
  const event = await google.verifyNotification(c.req.header('authorization'), c.var.body, c.env.now());
  return c.json(await receiveWebhook(c.var.asking, event));
});

webhooks.post('/stripe', told('Stripe'), async (c) => {
  const stripe = storeOf(c.env.stores, 'stripe');
  const event = await stripe.verifyEvent(c.var.body, c.req.header('stripe-signature'), c.env.now());
  return c.json(await receiveWebhook(c.var.asking, event));
});

/** Below it. */
export const subscription = new Hono<AppEnv>({ strict: false });

subscription.get('/status', endpoint('Read what you have', { 200: Subscription }), async (c) => {
  const { db, who, known } = c.var.ctx;
  return sendRead(c, await read(c.var.ctx, readSubscription(db, who, known)));
});

subscription.get(
  '/features',
  endpoint('Read what each tier allows, and how to buy it', { 200: Features }),
  async (c) => {
    const { db, who, stores, known } = c.var.ctx;
    return sendRead(c, await read(c.var.ctx, readFeatures(db, who, stores, known)));
  },
);

subscription.post(
  '/purchase/apple',
  endpoint('Show what you bought in the App Store', { 200: Subscription }, [403, 409, 413, 415, 422]),
  body(ApplePurchase),
  async (c) => sendWritten(c, await showApplePurchase(c.var.ctx, c.req.valid('json'))),
);

subscription.post(
  '/purchase/google',
  endpoint('Show what you bought in the Play Store', { 200: Subscription }, [403, 409, 413, 415, 422]),
  body(GooglePurchase),
  async (c) => sendWritten(c, await showGooglePurchase(c.var.ctx, c.req.valid('json'))),
);

subscription.post(
  '/checkout',
  endpoint('Open a page of Stripe’s to buy pro on', { 200: BillingPage }, [403, 409, 412, 413, 415, 422]),
  body(Checkout),
  async (c) => sendWritten(c, await openCheckout(c.var.ctx, c.req.valid('json'))),
);

subscription.post(
  '/portal',
  endpoint(
    'Open a page of Stripe’s to manage what you bought',
    { 200: BillingPage },
    [403, 404, 409, 412, 413, 415, 422],
  ),
  body(Portal),
  async (c) => sendWritten(c, await openPortal(c.var.ctx, c.req.valid('json'))),
);
