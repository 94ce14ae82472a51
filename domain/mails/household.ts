import { inTheirLanguage, thatCanBeStopped } from './language.ts';

/** Once an address is verified. */
export const welcome = inTheirLanguage((words) => words.welcome);
/** Two days after that, to somebody without a home. */
export const noResidence = inTheirLanguage((words) => words.noResidence, 'once');
/** Five days after their first home, to somebody whose home has no tasks. */
export const noTasks = inTheirLanguage((words) => words.noTasks, 'once');

/** Of one task. `today` is its reader's date, from which the days are counted. */
export const taskDueSoon = thatCanBeStopped((words) => words.taskDueSoon);
export const taskOverdue = thatCanBeStopped((words) => words.taskOverdue);
/** Takes columns as the board answers them; empty ones, and homes without any, are left out. */
export const dailyDigest = thatCanBeStopped((words) => words.dailyDigest);
export const taskCompleted = thatCanBeStopped((words) => words.taskCompleted);
export const taskAssigned = thatCanBeStopped((words) => words.taskAssigned);
/** Several at once. */
export const tasksAssigned = thatCanBeStopped((words) => words.tasksAssigned);

/** To the members that were there before. */
export const memberJoined = thatCanBeStopped((words) => words.memberJoined);
/** To the one who joined. */
export const residenceJoined = thatCanBeStopped((words) => words.residenceJoined);
export const warrantyExpiring = thatCanBeStopped((words) => words.warrantyExpiring);

/** To the admins: what somebody wrote on the public site. */
export const contactMessage = inTheirLanguage((words) => words.contactMessage, 'admin');
/** `expires_at` is a moment, told in its reader's zone. */
export const reportReady = inTheirLanguage((words) => words.reportReady, 'asked');
export const exportReady = inTheirLanguage((words) => words.exportReady, 'asked');
