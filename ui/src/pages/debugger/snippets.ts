/* How a site, an app or a server sends its events here, ready to paste. */

export const clients = ['curl', 'browser', 'node', 'rudder_browser', 'rudder_node'] as const;
export type Client = (typeof clients)[number];

export function snippet(client: Client, address: string, key: string): string {
  switch (client) {
    case 'curl':
      return `curl ${address}/v1/track -u '${key}:' -H 'Content-Type: application/json' -d '{
  "userId": "KH-1001",
  "event": "Order Completed",
  "properties": { "channel": "web", "place": "Hà Nội", "total": 1250000, "currency": "VND" }
}'`;
    case 'browser':
      return `// npm install @segment/analytics-next
import { AnalyticsBrowser } from '@segment/analytics-next';

const analytics = AnalyticsBrowser.load({ writeKey: '${key}', cdnURL: '${address}' });

analytics.identify('KH-1001', { name: 'Nguyễn Thị Lan' });
analytics.track('Product Viewed', { channel: 'web' });`;
    case 'node':
      return `// npm install @segment/analytics-node
import { Analytics } from '@segment/analytics-node';

const analytics = new Analytics({ writeKey: '${key}', host: '${address}' });

analytics.track({
  userId: 'KH-1001',
  event: 'Survey Answered',
  properties: { channel: 'shop', metric: 'nps', score: 9, text: 'Nhân viên rất nhiệt tình' },
});
await analytics.closeAndFlush();`;
    case 'rudder_browser':
      return `// npm install @rudderstack/analytics-js
import { RudderAnalytics } from '@rudderstack/analytics-js';

const analytics = new RudderAnalytics();
analytics.load('${key}', '${address}', { configUrl: '${address}' });

analytics.track('Product Viewed', { channel: 'web' });`;
    case 'rudder_node':
      return `// npm install @rudderstack/rudder-sdk-node
import RudderAnalytics from '@rudderstack/rudder-sdk-node';

const analytics = new RudderAnalytics('${key}', { dataPlaneUrl: '${address}' });

analytics.track({ userId: 'KH-1001', event: 'Order Completed', properties: { channel: 'shop', total: 1250000, currency: 'VND' } });`;
  }
}
