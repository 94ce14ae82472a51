type Demo = {
  title: string;
  category: string;
  /** A listed frequency, or an interval of its own in days. */
  frequency: string | number;
  priority: 'Low' | 'Medium' | 'High' | 'Urgent';
  /** Days from today until it is due; null for no date. */
  due: number | null;
  /** Days ago that it was completed. */
  done?: number[];
  state?: 'in_progress' | 'cancelled' | 'archived';
  home?: 'cabin';
};

const task = (
  title: string,
  category: string,
  frequency: Demo['frequency'],
  priority: Demo['priority'],
  due: Demo['due'],
  more: Pick<Demo, 'done' | 'state' | 'home'> = {},
): Demo => ({ title, category, frequency, priority, due, ...more });

const cabin = 'cabin';

/** Some of everything: each column, each frequency, both homes. */
export const DEMO_TASKS: Demo[] = [
  // overdue
  task('Replace the furnace filter', 'HVAC', 'Quarterly', 'High', -6, { done: [97, 190] }),
  task('Clean the gutters', 'Gutters and Roof', 'Every 6 months', 'High', -12, { done: [194] }),
  task('Fix the dripping kitchen tap', 'Plumbing', 'Once', 'Medium', -3),
  task('Test the smoke detectors', 'Safety', 'Monthly', 'Urgent', -1, { done: [31, 62, 93] }),
  task('Clean the dryer vent', 'Appliances', 'Yearly', 'Medium', -20, { done: [385] }),
  task('Chop firewood', 'Seasonal', 'Once', 'Low', -8, { home: cabin }),
  // due soon
  task('Water the plants', 'Interior', 'Daily', 'Low', 0, { done: [1, 2, 3, 4] }),
  task('Mow the lawn', 'Landscaping', 'Weekly', 'Medium', 2, { done: [5, 12, 19] }),
  task('Change the bed linen', 'Cleaning', 'Every 2 weeks', 'Low', 6, { done: [8] }),
  task('Descale the coffee machine', 'Appliances', 'Every 2 months', 'Low', 11, { done: [50] }),
  task('Treat the deck for ants', 'Pest Control', 'Every 4 months', 'Medium', 17, { done: [105] }),
  task('Check the water softener’s salt', 'Plumbing', 45, 'Medium', 9, { done: [36] }),
  task('Pay the chimney sweep', 'General', 'Once', 'Medium', 4),
  task('Replace the smart lock’s batteries', 'Security', 'Yearly', 'High', 21),
  task('Air the cabin', 'Interior', 'Monthly', 'Low', 13, { done: [17], home: cabin }),
  task('Check the mouse traps', 'Pest Control', 'Weekly', 'Medium', 5, { done: [2], home: cabin }),
  // upcoming
  task('Flush the water heater', 'Plumbing', 'Yearly', 'Medium', 64, { done: [301] }),
  task('Have the septic tank pumped', 'Plumbing', 'Every 3 years', 'High', 410),
  task('Reseal the driveway', 'Exterior', 'Every 2 years', 'Medium', 220, { done: [510] }),
  task('Repaint the façade', 'Exterior', 'Every 5 years', 'Low', 900),
  task('Replace the smoke detectors', 'Safety', 'Every 10 years', 'High', 2400),
  task('Service the air conditioning', 'HVAC', 'Yearly', 'High', 140, { done: [225] }),
  task('Refinish the oak floor', 'Flooring', 'Once', 'Low', 75),
  task('Find a better place for the bicycles', 'General', 'Once', 'Low', null),
  task('Open the hot tub for the season', 'Pool and Spa', 'Yearly', 'Medium', 120),
  task('Inspect the cabin’s roof', 'Gutters and Roof', 'Yearly', 'Medium', 95, { home: cabin }),
  task('Test the well water', 'Plumbing', 'Every 2 years', 'High', 180, { home: cabin }),
  // in progress
  task('Regrout the shower', 'Interior', 'Once', 'Medium', -2, { state: 'in_progress' }),
  task('Replace the hallway light switch', 'Electrical', 'Once', 'High', 3, { state: 'in_progress' }),
  task('Prune the apple trees', 'Landscaping', 'Yearly', 'Medium', 10, { state: 'in_progress' }),
  task('Build a wood store', 'Exterior', 'Once', 'Low', null, { state: 'in_progress', home: cabin }),
  // completed
  task('Hang the children’s swing', 'Exterior', 'Once', 'Low', -15, { done: [14] }),
  task('Label the fuse box', 'Electrical', 'Once', 'Medium', null, { done: [33] }),
  task('Replace the bathroom fan', 'Electrical', 'Once', 'High', -40, { done: [41] }),
  task('Install a carbon monoxide alarm', 'Safety', 'Once', 'Urgent', -60, { done: [62] }),
  task('Mend the screen door', 'General', 'Once', 'Low', -5, { done: [3], home: cabin }),
  // cancelled and archived
  task('Convert the attic', 'Interior', 'Once', 'Low', 200, { state: 'cancelled' }),
  task('Buy a second freezer', 'Appliances', 'Once', 'Low', -30, { state: 'cancelled' }),
  task('Clean the old aquarium', 'Cleaning', 'Weekly', 'Low', -90, { done: [97, 104], state: 'archived' }),
  task('Winterise the old boat', 'Seasonal', 'Yearly', 'Medium', -50, { state: 'archived', home: cabin }),
];
