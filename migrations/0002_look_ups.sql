-- The look-ups. domain/static-data.ts holds the same rows for the API; a test compares the two.
insert into residence_residencetype (id, name, display_order, color, icon) values
  (1, 'House', 1, '#F5A623', 'house'),
  (2, 'Apartment', 2, '#4A90D9', 'building'),
  (3, 'Condo', 3, '#50B5A9', 'building-2'),
  (4, 'Townhouse', 4, '#B07CC6', 'houses'),
  (5, 'Duplex', 5, '#D98E4A', 'house-split'),
  (6, 'Mobile Home', 6, '#7FB069', 'caravan'),
  (7, 'Cabin', 7, '#8B6F47', 'tree-pine'),
  (8, 'Vacation Home', 8, '#2BA6CB', 'palmtree'),
  (9, 'Farm', 9, '#6B8E23', 'tractor'),
  (10, 'Other', 10, '#8E8E93', 'circle-help');
--> statement-breakpoint
insert into task_taskcategory (id, name, display_order, color, icon) values
  (1, 'Appliances', 1, '#5AC8FA', 'refrigerator'),
  (2, 'Cleaning', 2, '#34C759', 'sparkles'),
  (3, 'Electrical', 3, '#FFCC00', 'zap'),
  (4, 'Exterior', 4, '#A2845E', 'fence'),
  (5, 'Flooring', 5, '#C69C6D', 'layers'),
  (6, 'Gutters and Roof', 6, '#8E6F4E', 'cloud-rain'),
  (7, 'HVAC', 7, '#FF9500', 'fan'),
  (8, 'Interior', 8, '#AF52DE', 'sofa'),
  (9, 'Landscaping', 9, '#30B04A', 'sprout'),
  (10, 'Pest Control', 10, '#A0522D', 'bug'),
  (11, 'Plumbing', 11, '#007AFF', 'droplets'),
  (12, 'Pool and Spa', 12, '#32ADE6', 'waves'),
  (13, 'Safety', 13, '#FF3B30', 'shield-alert'),
  (14, 'Security', 14, '#5856D6', 'lock'),
  (15, 'Seasonal', 15, '#FF6482', 'calendar-range'),
  (16, 'General', 16, '#8E8E93', 'wrench');
--> statement-breakpoint
insert into task_taskpriority (id, name, display_order, level, color, icon) values
  (1, 'Low', 1, 1, '#34C759', 'arrow-down'),
  (2, 'Medium', 2, 2, '#FF9500', 'minus'),
  (3, 'High', 3, 3, '#FF3B30', 'arrow-up'),
  (4, 'Urgent', 4, 4, '#AF1E2D', 'flame');
--> statement-breakpoint
insert into task_taskfrequency (id, name, display_order, "interval", unit, days) values
  (1, 'Once', 1, null, null, null),
  (2, 'Daily', 2, 1, 'day', 1),
  (3, 'Weekly', 3, 1, 'week', 7),
  (4, 'Every 2 weeks', 4, 2, 'week', 14),
  (5, 'Monthly', 5, 1, 'month', 30),
  (6, 'Every 2 months', 6, 2, 'month', 60),
  (7, 'Quarterly', 7, 3, 'month', 91),
  (8, 'Every 4 months', 8, 4, 'month', 122),
  (9, 'Every 6 months', 9, 6, 'month', 182),
  (10, 'Yearly', 10, 1, 'year', 365),
  (11, 'Every 2 years', 11, 2, 'year', 730),
  (12, 'Every 3 years', 12, 3, 'year', 1096),
  (13, 'Every 5 years', 13, 5, 'year', 1826),
  (14, 'Every 10 years', 14, 10, 'year', 3652);
--> statement-breakpoint
insert into task_contractorspecialty (id, name, display_order, color, icon) values
  (1, 'Appliance Repair', 1, '#5AC8FA', 'refrigerator'),
  (2, 'Carpenter', 2, '#8B6F47', 'hammer'),
  (3, 'Chimney Sweep', 3, '#5C4033', 'flame-kindling'),
  (4, 'Cleaner', 4, '#34C759', 'sparkles'),
  (5, 'Electrician', 5, '#FFCC00', 'zap'),
  (6, 'Flooring', 6, '#C69C6D', 'layers'),
  (7, 'General Contractor', 7, '#8E8E93', 'hard-hat'),
  (8, 'Handyman', 8, '#A2845E', 'wrench'),
  (9, 'HVAC Technician', 9, '#FF9500', 'fan'),
  (10, 'Inspector', 10, '#5856D6', 'clipboard-check'),
  (11, 'Landscaper', 11, '#30B04A', 'sprout'),
  (12, 'Locksmith', 12, '#636366', 'key-round'),
  (13, 'Mason', 13, '#9C5B3B', 'brick-wall'),
  (14, 'Painter', 14, '#AF52DE', 'paint-roller'),
  (15, 'Pest Control', 15, '#A0522D', 'bug'),
  (16, 'Plumber', 16, '#007AFF', 'droplets'),
  (17, 'Pool Service', 17, '#32ADE6', 'waves'),
  (18, 'Roofer', 18, '#8E6F4E', 'house');
