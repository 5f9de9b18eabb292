"""The fast engine: one compiled loop over the instants of a run.

It reads downward like the order of an instant in ``rules``. Arrivals are known, so they stay in an
array; finishes have a small heap of their own; every other event waits in one heap whose codes
sort the events of one time by step and id. What a run does not use is an array of size 0.
"""

import numpy as np

from strag_sim.engines.batches import is_ripe, take_alike
from strag_sim.engines.devices import next_instance
from strag_sim.engines.groups import (
    complete,
    fill_blanks,
    mark_used,
    note_blanks,
    own_workers,
    settle,
)
from strag_sim.engines.heap import (
    drop_first,
    drop_least,
    push,
    push_least,
    replace_first,
)
from strag_sim.engines.kernel import kernel
from strag_sim.engines.state import agenda, crew, progress
from strag_sim.rules import (
    CANCEL_ARRIVES,
    CLOSE,
    CREDIT,
    DEADLINE,
    DECODED,
    DECODING,
    DONE,
    ENCODE_END,
    EXPIRES,
    GATHERING,
    JOIN,
    LATE,
    RELEASE,
    RESENT,
    RIPE,
    SEND,
    STOP,
    batch_size,
    choose_worker,
    covered,
    event_code,
    event_kind,
    event_step,
    event_task,
    group_id,
    index_of,
    listed_unanswered,
    needed,
    needed_together,
    overlap,
    random_worker,
    remember,
    resend_worker,
    service_time,
    slowed,
    table_size,
    within_budget,
)
from strag_sim.tables import (
    AT_FULL,
    BUSY,
    COMPLETE,
    COST,
    DROPPED,
    ENCODED,
    EVENT_LIMIT,
    FINISHED,
    FIRST,
    FIXED,
    INTERRUPTED,
    MEMBERS,
    NEVER,
    NOWHERE,
    ON_START,
    PENDING,
    RANDOM,
    RETURNING,
    ROUND_ROBIN,
    RUNNING,
    SCRIPTED,
    SERVING,
    SPARE,
    STOPPED,
    STUCK,
    TAKEN,
    UNANSWERED,
    USED,
    USEFUL,
    WAITING,
    Outcome,
    Plan,
    bit_of,
    empty_log,
)

LOOK_UP = 1 << 16  # instants between two looks at the stop flag


def run(plan: Plan, record: bool = False, stop: np.ndarray | None = None) -> Outcome:
    """Run a plan, which is not changed, to its outcome.

    ``record`` keeps a log of the tasks. A ``stop`` flag (uint8, shape (1,)) that another thread
    sets ends the run early with the code INTERRUPTED.
    """
    count = plan.draws.arrival.size
    groups = plan.draws.luck.shape[0]
    arrival = plan.draws.arrival.copy() if plan.protocol.clients else plan.draws.arrival
    completion = np.full(count, np.nan)
    path = np.full(count, NOWHERE, np.int16)
    group = np.full(count, NOWHERE, np.int32)
    totals, window = np.zeros(3), np.full(2, np.inf)
    returned = np.zeros(count if plan.layout.noting else 0, np.int64)
    log = empty_log(groups * plan.layout.tasks if record else 0)
    flag = np.zeros(1, np.uint8) if stop is None else stop
    state = progress(plan)
    code, measured, past = loop(
        plan.layout,
        plan.fleet,
        plan.protocol,
        plan.draws,
        plan.slowness,
        state,
        crew(plan),
        agenda(plan),
        Outcome(COMPLETE, arrival, completion, path, group, totals, window, 0, log, 0, returned),
        flag,
    )
    if code == COMPLETE and np.isnan(completion).any():
        code = STUCK
    if record:
        log = log._replace(state=state.state, worker=state.worker)
    return Outcome(
        int(code),
        arrival,
        completion,
        path,
        group,
        totals,
        window,
        int(measured),
        log if record else None,
        int(past),
        returned,
    )


@kernel
def loop(layout, fleet, protocol, draws, slowness, progress, crew, agenda, outcome, stop):
    """Settle instant after instant until nothing is due; return how it ended."""
    # What does not change in a run.
    requests, own, regular, tasks = layout.requests, layout.own, layout.regular, layout.tasks
    together, counting, threshold = layout.together, layout.counting, layout.threshold
    noting, once = layout.noting, layout.once
    decode_column = layout.decode_column
    task_recoveries, task_recoveries_from = layout.task_recoveries, layout.task_recoveries_from
    recovery_tasks, recovery_tasks_from = layout.recovery_tasks, layout.recovery_tasks_from
    answers, answers_from = layout.answers, layout.answers_from
    request_recoveries = layout.request_recoveries
    request_recoveries_from = layout.request_recoveries_from
    when, gap, next_later = layout.when, layout.gap, layout.next_later
    expires, pool, budget = layout.expires, layout.pool, layout.budget
    few, few_from, has_few = layout.few, layout.few_from, layout.has_few
    alternatives, gives, results = layout.alternatives, layout.gives, layout.results
    deadline, resend, round_size = layout.deadline, layout.resend, protocol.round
    speed, slots, book = fleet.speed, fleet.slots, fleet.book
    pool_first, pool_stop, machine = fleet.pool_first, fleet.pool_stop, fleet.machine
    levels, values = fleet.levels, fleet.values
    shared, placement, distinct = protocol.shared, protocol.placement, protocol.distinct
    cancel, cancel_delay, cores = protocol.cancel, protocol.cancel_delay, protocol.cores
    fill_timeout, clients, warm_up = protocol.fill_timeout, protocol.clients, protocol.warm_up
    own_size, own_luck, own_worker = draws.own_size, draws.own_luck, draws.own_worker
    own_to, own_from, added = draws.own_to, draws.own_from, draws.added
    redundant_size, redundant_luck, redundant_worker = draws.size, draws.luck, draws.worker
    to, back, encode, decode, think = draws.to, draws.back, draws.encode, draws.decode, draws.think
    most, wait, growth = protocol.most, protocol.wait, protocol.growth
    by_batch, model, device = fleet.by_batch, fleet.model, fleet.device
    device_slots, interference = fleet.device_slots, fleet.interference
    most_of, multiple = fleet.most, fleet.multiple
    combine, track, stepped = protocol.combine, slowness.track, slowness.stepped
    track_first, track_at = slowness.first, slowness.at
    track_value, period, origin = slowness.value, slowness.period, slowness.origin
    count, workers, recoveries = draws.arrival.size, speed.size, threshold.size
    all_groups = redundant_luck.shape[0]
    all_tasks = all_groups * tasks
    closed = clients > 0
    network_to, network_back = own_to.size + to.size > 0, own_from.size + back.size > 0
    pools = pool_first.size
    one_pool = pool_first[0] == pool_first[pools - 1]
    cancels = cancel != NEVER and tasks > 1
    on_start = cancel == ON_START and tasks > 1 and not together
    delayed = cancels and cancel_delay > 0
    scripted = placement == SCRIPTED
    tracking = distinct and not shared and placement < FIXED
    anyone = placement == RANDOM and not tracking
    slow = track.shape[0] > 0
    batching, waiting = most > 1, wait > 0
    sharing = device.size > 0  # devices
    slowing = interference.size > 0
    recording = outcome.log.state.size > 0
    resend_path = recoveries
    share = 1.0 / tasks
    mark = min(own, tasks - 1)  # the place whose id stands for the group in the order of events
    limit = 64 + 16 * (all_tasks + count)

    # What is written to.
    arrival, completion, path = outcome.arrival, outcome.completion, outcome.path
    group_of, totals, window = outcome.group, outcome.totals, outcome.window
    returned, met = outcome.returned, progress.met
    released, log_started = outcome.log.released, outcome.log.started
    log_finished, log_service = outcome.log.finished, outcome.log.service
    log_unslowed, log_batch = outcome.log.unslowed, outcome.log.batch
    groups, counts, begun = progress.groups, progress.counts, progress.begun
    in_hand, tried = progress.in_hand, progress.tried
    phase, left, hedged = progress.phase, progress.left, progress.hedged
    taken, taken_count = progress.taken, progress.taken_count
    state, worker_of, following = progress.state, progress.worker, progress.following
    clock, doomed = progress.clock, progress.doomed
    joined, lead, serving = progress.joined, progress.lead, progress.serving
    in_batch, counted = progress.in_batch, progress.counted
    client_of, awaited, latest = progress.client, progress.awaited, progress.latest
    head, tail, length, busy = crew.head, crew.tail, crew.length, crew.busy
    begun_by, on_device = crew.begun, crew.on_device
    turn, idle, idle_size, jobs = crew.turn, crew.idle, crew.idle_size, crew.jobs
    event_time, event_codes = agenda.event_time, agenda.event_code
    finish_time, finish_task = agenda.finish_time, agenda.finish_task
    client_time, client_id = agenda.client_time, agenda.client
    ready, touched, stops = agenda.ready, agenda.touched, agenda.stops
    freed, is_freed, sent = agenda.freed, agenda.is_freed, agenda.sent
    answered, tally, batch = agenda.answered, agenda.answers, agenda.batch
    events = finishes = readies = touches = stopping = frees = sends = 0
    busy_cores = jobs_from = jobs_size = 0
    arrived = filling = hedges = measured = instants = past = 0
    resting, round_left, sender = clients, 0, 0
    vacant = False  # the first finish is settled, and its place free for the next
    next_arrival = 0.0 if closed else (arrival[0] if count > 0 else np.inf)

    while True:
        now = min(next_arrival, min(finish_time[0], event_time[0]))
        if now == np.inf:
            break
        instants += 1
        if instants % LOOK_UP == 0 and stop[0] != 0:
            return INTERRUPTED, measured, past
        if instants > limit:
            return EVENT_LIMIT, measured, past

        # (a) Finished tasks are credited ...
        while True:
            if finish_time[0] == now and not vacant:
                t = finish_task[0]
                vacant = finish_time[1] != now and finish_time[2] != now
                if not vacant:
                    finishes = drop_first(finish_time, finish_task, finishes)
                if state[t] != SERVING:
                    continue  # it was stopped
                g = group_id(t, share)
                place = t - g * tasks
                w = worker_of[t]
                spent = now - clock[t]
                if batching:
                    leader = lead[t]
                    serving[leader] -= 1
                    last = serving[leader] == 0
                    if last:
                        totals[COST] += spent * counted[leader] / in_batch[leader]
                else:
                    last = True
                    if groups[g, FIRST] >= warm_up:
                        totals[COST] += spent
                if last:
                    busy[w] -= 1
                    if sharing:
                        on_device[device[w]] -= 1
                    totals[BUSY] += overlap(clock[t], now, window[0], window[1])
                if shared:
                    if last and busy[w] == slots[w] - 1 and not sharing:
                        q = 0 if one_pool else pool[place]
                        idle_size[q] = push_least(idle, pool_first[q], idle_size[q], w)
                else:
                    length[w] -= 1
                    if not is_freed[w]:
                        is_freed[w] = True
                        frees = push_least(freed, 0, frees, w)
                clock[t] = spent / in_batch[leader] if batching else spent
                state[t] = RETURNING if network_back else FINISHED
                if recording:
                    log_finished[t] = now
                if network_back:
                    flight = (
                        own_from[groups[g, FIRST] + place] if place < own else back[g, place - own]
                    )
                    code = event_code(CREDIT, t, 0)
                    events = push(event_time, event_codes, events, now + flight, code)
                    continue
            elif event_time[0] == now and event_step(event_codes[0]) == CREDIT:
                t = event_task(event_codes[0])
                events = drop_first(event_time, event_codes, events)
                state[t] = FINISHED
                g = group_id(t, share)
                place = t - g * tasks
            else:
                break
            if alternatives:
                result = g * tasks + gives[place]
                if in_hand[result]:
                    state[t] = SPARE
                    continue
                in_hand[result] = True
                touched[touches] = -1 - g  # its alternatives may wait
                touches += 1
            if together:
                if place >= regular:
                    left[g] -= phase[g] == RESENT
                elif phase[g] == GATHERING:
                    left[g] -= 1
                elif phase[g] != LATE:
                    state[t] = SPARE
            contributes = together  # where it came in time, which is seen above
            for k in range(task_recoveries_from[place], task_recoveries_from[place + 1]):
                recovery = task_recoveries[k]
                if counting:
                    counts[g, recovery] += 1
                    in_time = counts[g, recovery] <= threshold[recovery]
                    contributes = contributes or in_time
                    if noting:
                        if together:
                            in_time = needed_together(phase[g], place, regular)
                        if in_time:
                            met[g, recovery] |= bit_of(gives[place])
                    if together or counts[g, recovery] != threshold[recovery]:
                        continue
                else:
                    contributes = True
                readies = push_least(ready, 0, readies, (g * recoveries + recovery) * tasks + place)
            if not contributes:
                state[t] = SPARE
            if together:
                readies = push_least(ready, 0, readies, g * recoveries * tasks)

        # ... and, with (b) the decodes that end now, answer their requests.
        while True:
            decoded = False
            if readies > 0:
                code = ready[0] // tasks if tasks > 1 else ready[0]
                place = ready[0] - code * tasks
                readies = drop_least(ready, 0, readies)
            elif event_time[0] == now and event_step(event_codes[0]) == DECODED:
                code = event_task(event_codes[0])
                events = drop_first(event_time, event_codes, events)
                decoded = True
            else:
                break
            g = code // recoveries if recoveries > 1 else code
            recovery = code - g * recoveries
            column = NOWHERE
            if once and not decoded:
                if counts[g, recovery] >= TAKEN:
                    continue  # another recovery of the group had its tasks before
                counts[g, :] = TAKEN
            if together:
                finished = decoded
                if not decoded:
                    if phase[g] == RESENT:
                        finished = left[g] == 0
                    elif (phase[g] == GATHERING and left[g] == 0) or phase[g] == LATE:
                        missing, recovery, column = settle(
                            g,
                            groups,
                            path,
                            counts,
                            threshold,
                            decode_column,
                            request_recoveries,
                            request_recoveries_from,
                        )
                        finished = missing == 0
                        if missing == 0 and column >= 0 and decode[g, column] > 0:
                            finished = False
                            phase[g] = DECODING
                        else:
                            column = NOWHERE
                if finished:
                    phase[g] = DONE
                    totals[USEFUL] += complete(
                        g,
                        now,
                        warm_up,
                        regular,
                        tasks,
                        resend_path,
                        groups,
                        completion,
                        path,
                        met,
                        returned,
                        state,
                        clock,
                        recovery_tasks,
                        recovery_tasks_from,
                        answered,
                        tally,
                    )
                touched[touches] = g * recoveries + recovery
                touches += 1
            elif (
                not decoded
                and decode_column[recovery] >= 0
                and decode[g, decode_column[recovery]] > 0
            ):
                touched[touches] = g * recoveries + recovery
                touches += 1
                if listed_unanswered(g, recovery, groups, completion, answers, answers_from):
                    column = decode_column[recovery]
            else:
                useful = False
                for a in range(answers_from[recovery], answers_from[recovery + 1]):
                    if answers[a] >= groups[g, MEMBERS]:
                        continue
                    r = groups[g, FIRST] + answers[a]
                    if np.isnan(completion[r]):
                        completion[r] = now
                        path[r] = recovery
                        if noting:
                            returned[r] = met[g, recovery]
                        groups[g, UNANSWERED] -= 1
                        useful = True
                        if closed:
                            answered[tally[0]] = r
                            tally[0] += 1
                if useful:
                    if cancels:
                        touched[touches] = g * recoveries + recovery
                        touches += 1
                    if threshold[recovery] == 1 and not decoded:
                        t = g * tasks + place
                        if state[t] != USED:
                            state[t] = USED
                            if groups[g, FIRST] >= warm_up:
                                totals[USEFUL] += clock[t]
                    else:
                        gain = mark_used(
                            g * tasks, recovery, state, clock, recovery_tasks, recovery_tasks_from
                        )
                        if groups[g, FIRST] >= warm_up:
                            totals[USEFUL] += gain
            if column >= 0:
                code = event_code(DECODED, g * recoveries + recovery, 0)
                if cores > 0:
                    jobs[jobs_size] = code
                    jobs_size += 1
                else:
                    events = push(event_time, event_codes, events, now + decode[g, column], code)
            busy_cores -= decoded

        # (c) Releases due join their queue.
        while True:
            for k in range(tally[0]):  # clients whose last request is answered think, then send
                c = client_of[answered[k]]
                awaited[c] -= 1
                if awaited[c] == 0:
                    pause = think[latest[c]] if think.size > 0 else 0.0
                    resting = push(client_time, client_id, resting, now + pause, c)
            if closed:
                tally[0] = 0
                next_arrival = now if round_left > 0 else client_time[0]
                if arrived == count:
                    next_arrival = np.inf
            full = NOWHERE
            landed = False
            arrives = next_arrival == now
            if event_time[0] == now and event_step(event_codes[0]) == RELEASE:
                member = groups[filling, MEMBERS] if filling < all_groups else 0
                key = filling * tasks + (member if own > 0 else 0)
                arrives = arrives and key <= event_task(event_codes[0])
            elif not arrives:
                break
            if arrives:
                r = arrived
                arrived += 1
                if closed:
                    if round_left == 0:
                        sender = client_id[0]
                        resting = drop_first(client_time, client_id, resting)
                        round_left = round_size
                    round_left -= 1
                    awaited[sender] += 1
                    client_of[r] = sender
                    latest[sender] = r
                    arrival[r] = now
                else:
                    next_arrival = arrival[arrived] if arrived < count else np.inf
                if r == warm_up:
                    window[0] = now
                if arrived == count:
                    window[1] = now
                g = filling
                place = groups[g, MEMBERS]
                if place == 0:
                    groups[g, FIRST] = r
                    if fill_timeout < np.inf and requests > 1:
                        events = push(
                            event_time,
                            event_codes,
                            events,
                            now + fill_timeout,
                            event_code(RELEASE, g * tasks + mark, CLOSE),
                        )
                groups[g, MEMBERS] += 1
                groups[g, UNANSWERED] += 1
                group_of[r] = g
                if own > 0:
                    sent[0] = place
                    sends = 1
                if place + 1 == requests or arrived == count:
                    full = g
            else:
                t = event_task(event_codes[0])
                kind = event_kind(event_codes[0])
                events = drop_first(event_time, event_codes, events)
                g = group_id(t, share)
                place = t - g * tasks
                if kind == SEND:
                    if alternatives and in_hand[g * tasks + gives[place]]:
                        wanted = False
                    elif together:
                        wanted = needed_together(phase[g], place, regular)
                    else:
                        wanted = needed(
                            g,
                            place,
                            groups,
                            completion,
                            counts,
                            threshold,
                            task_recoveries,
                            task_recoveries_from,
                            answers,
                            answers_from,
                        )
                    if wanted:
                        allowed = budget >= 1 or hedged[g] or within_budget(hedges, arrived, budget)
                        if allowed:
                            sent[0] = place
                            sends = 1
                            if budget < 1 and not hedged[g]:
                                hedged[g] = True
                                hedges += 1
                    later = next_later[place + 1]
                    if later >= 0 and (wanted or alternatives):
                        events = push(
                            event_time,
                            event_codes,
                            events,
                            now + gap[later],
                            event_code(RELEASE, g * tasks + later, SEND),
                        )
                elif kind == JOIN:
                    sent[0] = place
                    sends = 1
                    landed = True
                elif kind == CLOSE:
                    if filling == g:
                        full = g
                elif kind == ENCODE_END:
                    busy_cores -= 1
                    for j in range(own, regular):
                        if when[j] == ENCODED:
                            sent[sends] = j
                            sends += 1
                elif phase[g] == GATHERING:  # DEADLINE
                    missing, recovery, column = settle(
                        g,
                        groups,
                        path,
                        counts,
                        threshold,
                        decode_column,
                        request_recoveries,
                        request_recoveries_from,
                    )
                    touched[touches] = g * recoveries + recovery
                    touches += 1
                    if missing > 0 and resend:
                        phase[g] = RESENT
                        left[g] = missing
                        base, members = g * tasks, groups[g, MEMBERS]
                        on_time = own_workers(base, members, state, worker_of, True)
                        all_own = own_workers(base, members, state, worker_of, False)
                        for i in range(groups[g, MEMBERS]):
                            if path[groups[g, FIRST] + i] != NOWHERE:
                                continue
                            path[groups[g, FIRST] + i] = resend_path
                            j = regular + i
                            sent[sends] = j
                            sends += 1
                            if scripted and redundant_worker[g, j - own] >= 0:
                                continue
                            if not shared:
                                worker_of[g * tasks + j] = resend_worker(
                                    redundant_luck[g, j - own],
                                    on_time,
                                    all_own,
                                    worker_of[g * tasks + i],
                                    pool_first[0],
                                    pool_stop[0],
                                )
                    elif missing > 0:
                        phase[g] = LATE
                    elif column >= 0 and decode[g, column] > 0:
                        phase[g] = DECODING
                        code = event_code(DECODED, g * recoveries + recovery, 0)
                        if cores > 0:
                            jobs[jobs_size] = code
                            jobs_size += 1
                        else:
                            events = push(
                                event_time, event_codes, events, now + decode[g, column], code
                            )
                    else:
                        phase[g] = DONE
                        totals[USEFUL] += complete(
                            g,
                            now,
                            warm_up,
                            regular,
                            tasks,
                            resend_path,
                            groups,
                            completion,
                            path,
                            met,
                            returned,
                            state,
                            clock,
                            recovery_tasks,
                            recovery_tasks_from,
                            answered,
                            tally,
                        )
            if full >= 0:  # the group is closed, and its redundant tasks are on their way
                filling += 1
                members = groups[g, MEMBERS]
                if groups[g, UNANSWERED] < members:  # what it sends may not be needed any more
                    touched[touches] = -1 - g
                    touches += 1
                if groups[g, FIRST] >= warm_up:
                    measured += members
                if members < own and counting:
                    fill_blanks(g, members, own, counts, task_recoveries, task_recoveries_from)
                if members < own and noting:
                    note_blanks(g, members, own, met, task_recoveries, task_recoveries_from)
                if members < own and on_start:
                    fill_blanks(g, members, own, begun, task_recoveries, task_recoveries_from)
                if together:
                    left[g] += results - own + min(members, own)
                    events = push(
                        event_time,
                        event_codes,
                        events,
                        now + deadline,
                        event_code(RELEASE, g * tasks + mark, DEADLINE),
                    )
                encoding = False
                for j in range(own, regular):
                    if when[j] == AT_FULL:
                        sent[sends] = j
                        sends += 1
                    encoding = encoding or when[j] == ENCODED
                if encoding:
                    duration = encode[g] if encode.size > 0 else 0.0
                    code = event_code(RELEASE, g * tasks + mark, ENCODE_END)
                    if duration == 0:
                        for j in range(own, regular):
                            if when[j] == ENCODED:
                                sent[sends] = j
                                sends += 1
                    elif cores > 0:
                        jobs[jobs_size] = code
                        jobs_size += 1
                    else:
                        events = push(event_time, event_codes, events, now + duration, code)
                later = next_later[0]
                if later >= 0:
                    events = push(
                        event_time,
                        event_codes,
                        events,
                        now + gap[later],
                        event_code(RELEASE, g * tasks + later, SEND),
                    )
            for k in range(sends):
                place = sent[k]
                t = g * tasks + place
                redundant = place - own
                if state[t] != PENDING:
                    continue  # cancelled on its way
                if not landed:
                    if recording:
                        released[t] = now
                    if expires[place] < np.inf:
                        events = push(
                            event_time,
                            event_codes,
                            events,
                            now + expires[place],
                            event_code(STOP, t, EXPIRES),
                        )
                    if network_to:
                        flight = (
                            own_to[groups[g, FIRST] + place] if place < own else to[g, redundant]
                        )
                        events = push(
                            event_time,
                            event_codes,
                            events,
                            now + flight,
                            event_code(RELEASE, t, JOIN),
                        )
                        continue
                q = 0 if one_pool else pool[place]
                if not shared:
                    w = worker_of[t]
                    if w < 0 and scripted:
                        w = (
                            own_worker[groups[g, FIRST] + place]
                            if place < own
                            else redundant_worker[g, redundant]
                        )
                    if w < 0:
                        luck = (
                            own_luck[groups[g, FIRST] + place]
                            if place < own
                            else redundant_luck[g, redundant]
                        )
                        first, end = pool_first[q], pool_stop[q]
                        taken_from = g * tasks if tracking else 0
                        taken_to = taken_from + (taken_count[g] if tracking else 0)
                        if anyone:
                            w = first + index_of(luck, end - first)
                        elif placement == RANDOM:
                            w = random_worker(luck, first, end, taken, taken_from, taken_to)
                        else:
                            w = choose_worker(
                                placement,
                                luck,
                                place,
                                first,
                                end,
                                turn[q],
                                length,
                                taken,
                                taken_from,
                                taken_to,
                                workers,
                            )
                        if tracking and place < regular:
                            remember(taken, taken_from, taken_to, w)
                            taken_count[g] += 1
                        if placement == ROUND_ROBIN:
                            turn[q] = w + 1 if w + 1 < end else first
                    length[w] += 1
                    worker_of[t] = w
                    if not is_freed[w]:
                        is_freed[w] = True
                        frees = push_least(freed, 0, frees, w)
                    q = w
                following[t] = NOWHERE
                if head[q] < 0:
                    head[q] = t
                else:
                    following[tail[q]] = t
                tail[q] = t
                state[t] = WAITING
                if waiting or sharing:
                    joined[t] = now
                if waiting:
                    events = push(
                        event_time, event_codes, events, now + wait, event_code(STOP, t, RIPE)
                    )
            sends = 0

        # (d) Tasks no longer needed are cancelled ...
        while event_time[0] == now and event_step(event_codes[0]) == STOP:
            t = event_task(event_codes[0])
            kind = event_kind(event_codes[0])
            events = drop_first(event_time, event_codes, events)
            if kind != RIPE:
                stopping = push_least(stops, 0, stopping, 2 * t + (kind == EXPIRES))
            elif not shared and state[t] == WAITING and not is_freed[worker_of[t]]:
                is_freed[worker_of[t]] = True
                frees = push_least(freed, 0, frees, worker_of[t])
        for k in range(touches if cancels else 0):
            whole = touched[k] < 0
            g = -1 - touched[k] if whole else touched[k] // recoveries
            recovery = 0 if whole else touched[k] - g * recoveries
            some = not whole and not together and groups[g, UNANSWERED] > 0 and has_few[recovery]
            begin, end = (few_from[recovery], few_from[recovery + 1]) if some else (0, tasks)
            existing = own if g == filling else tasks  # redundant ones come when a group closes
            for m in range(begin, end):
                place = few[m] if some else m
                if place >= existing:
                    continue
                t = g * tasks + place
                if state[t] > SERVING or (state[t] == SERVING and cancel != RUNNING):
                    continue
                if place < own and place >= groups[g, MEMBERS]:
                    continue
                if alternatives and in_hand[g * tasks + gives[place]]:
                    wanted = False
                elif together:
                    wanted = needed_together(phase[g], place, regular)
                elif groups[g, UNANSWERED] == 0:
                    wanted = False
                else:
                    wanted = needed(
                        g,
                        place,
                        groups,
                        completion,
                        counts,
                        threshold,
                        task_recoveries,
                        task_recoveries_from,
                        answers,
                        answers_from,
                    )
                if wanted:
                    continue
                if not delayed:
                    stopping = push_least(stops, 0, stopping, 2 * t)
                elif not doomed[t]:
                    doomed[t] = True
                    events = push(
                        event_time,
                        event_codes,
                        events,
                        now + cancel_delay,
                        event_code(STOP, t, CANCEL_ARRIVES),
                    )
        touches = 0
        while stopping > 0:
            t = stops[0] // 2
            forced = stops[0] % 2 == 1
            stopping = drop_least(stops, 0, stopping)
            w = worker_of[t]
            if state[t] == SERVING and (forced or cancel == RUNNING):
                state[t] = STOPPED
                g = group_id(t, share)
                if batching:
                    leader = lead[t]
                    serving[leader] -= 1
                    last = serving[leader] == 0
                    if last:
                        spent = now - clock[t]
                        totals[COST] += spent * counted[leader] / in_batch[leader]
                else:
                    last = True
                    if groups[g, FIRST] >= warm_up:
                        totals[COST] += now - clock[t]
                if last:
                    busy[w] -= 1
                    if sharing:
                        on_device[device[w]] -= 1
                    totals[BUSY] += overlap(clock[t], now, window[0], window[1])
                if shared:
                    if last and busy[w] == slots[w] - 1 and not sharing:
                        q = 0 if one_pool else pool[t - g * tasks]
                        idle_size[q] = push_least(idle, pool_first[q], idle_size[q], w)
                else:
                    length[w] -= 1
                    if not is_freed[w]:
                        is_freed[w] = True
                        frees = push_least(freed, 0, frees, w)
                if on_start:
                    place = t - g * tasks
                    only = True
                    if alternatives:
                        tried[g * tasks + gives[place]] -= 1
                        only = tried[g * tasks + gives[place]] == 0
                    if only:
                        for m in range(
                            task_recoveries_from[place], task_recoveries_from[place + 1]
                        ):
                            begun[g, task_recoveries[m]] -= 1
            elif state[t] == WAITING or state[t] == PENDING:
                if state[t] == WAITING and not shared:
                    length[w] -= 1
                    if waiting and not is_freed[w]:  # what stood behind it may be a full batch
                        is_freed[w] = True
                        frees = push_least(freed, 0, frees, w)
                state[t] = DROPPED
            else:
                continue
            if recording:
                log_finished[t] = now

        # ... and idle cores and workers start their next.
        while busy_cores < cores and jobs_from < jobs_size:
            code = jobs[jobs_from]
            jobs_from += 1
            if event_step(code) == DECODED:
                g = event_task(code) // recoveries
                recovery = event_task(code) - g * recoveries
                if not listed_unanswered(g, recovery, groups, completion, answers, answers_from):
                    continue
                duration = decode[g, decode_column[recovery]]
            else:
                duration = encode[event_task(code) // tasks]
            busy_cores += 1
            events = push(event_time, event_codes, events, now + duration, code)
        q = 0
        while True:
            t = NOWHERE
            if sharing:
                w, q = next_instance(
                    now,
                    wait,
                    tasks,
                    share,
                    shared,
                    pool_stop,
                    device,
                    device_slots,
                    on_device,
                    most_of,
                    busy,
                    joined,
                    model,
                    state,
                    following,
                    head,
                )
                if w >= 0:
                    t = head[q]
                    head[q] = following[t]
                    on_device[device[w]] += 1
            elif shared:
                while q < pools and t < 0:
                    while head[q] >= 0 and state[head[q]] != WAITING:
                        head[q] = following[head[q]]
                    if (
                        head[q] >= 0
                        and idle_size[q] > 0
                        and (
                            not waiting
                            or is_ripe(
                                head[q],
                                now,
                                wait,
                                joined,
                                most,
                                tasks,
                                share,
                                model,
                                state,
                                following,
                            )
                        )
                    ):
                        t = head[q]
                        w = idle[pool_first[q]]
                        if busy[w] + 1 == slots[w]:
                            idle_size[q] = drop_least(idle, pool_first[q], idle_size[q])
                        head[q] = following[t]
                    else:
                        q += 1
            else:
                while frees > 0 and t < 0:
                    w = freed[0]
                    while head[w] >= 0 and state[head[w]] != WAITING:
                        head[w] = following[head[w]]
                    if (
                        head[w] >= 0
                        and busy[w] < slots[w]
                        and (
                            not waiting
                            or is_ripe(
                                head[w],
                                now,
                                wait,
                                joined,
                                most,
                                tasks,
                                share,
                                model,
                                state,
                                following,
                            )
                        )
                    ):
                        t, q = head[w], w
                        head[w] = following[t]
                    else:
                        is_freed[w] = False
                        frees = drop_least(freed, 0, frees)
            if t < 0:
                break
            busy[w] += 1
            leader, before, joint, of_measured = t, NOWHERE, 0, 0
            room = most
            if sharing:
                room = most_of[w]
            while t >= 0:  # the tasks of the batch, or the one task
                g = group_id(t, share)
                place = t - g * tasks
                state[t] = SERVING
                worker_of[t] = w
                clock[t] = now
                if on_start:
                    only = True
                    if alternatives:
                        tried[g * tasks + gives[place]] += 1
                        only = tried[g * tasks + gives[place]] == 1
                    if only:
                        for m in range(
                            task_recoveries_from[place], task_recoveries_from[place + 1]
                        ):
                            begun[g, task_recoveries[m]] += 1
                    for sibling in range(tasks):
                        u = g * tasks + sibling
                        if state[u] != WAITING:
                            continue
                        sure = alternatives
                        if alternatives:
                            sure = tried[g * tasks + gives[sibling]] > 0
                        if not sure:
                            sure = covered(
                                g,
                                sibling,
                                groups,
                                completion,
                                begun,
                                threshold,
                                task_recoveries,
                                task_recoveries_from,
                                answers,
                                answers_from,
                                request_recoveries,
                                request_recoveries_from,
                            )
                        if sure:
                            state[u] = DROPPED
                            if not shared:
                                length[worker_of[u]] -= 1
                                if waiting and not is_freed[worker_of[u]]:
                                    is_freed[worker_of[u]] = True
                                    frees = push_least(freed, 0, frees, worker_of[u])
                            if recording:
                                log_finished[u] = now
                if not batching:
                    joint = 1
                    break
                batch[joint] = t
                joint += 1
                of_measured += groups[g, FIRST] >= warm_up
                t = NOWHERE
                if joint < room:
                    t, before = take_alike(
                        model[place], before, q, tasks, share, model, state, following, head, tail
                    )
            g = group_id(leader, share)
            place = leader - g * tasks
            if place < own:
                size = own_size[groups[g, FIRST] + place]
            else:
                size = redundant_size[g, place - own]
                if np.isnan(size):
                    size = own_size[groups[g, FIRST] + max(place - regular, 0)]
            b = book[place]
            grown = False  # is the size that of the whole batch?
            if b >= 0:
                grown = by_batch[b]
                row = machine[b, w]
                if grown:
                    row += joint - 1
                size = table_size(size, levels[b], values[b, row])
            if not grown:
                if sharing:
                    size = size * multiple[w, joint - 1]
                elif batching:
                    size = batch_size(size, joint, growth)
            if added.shape[1] > 0:
                for k in range(joint):
                    u = batch[k] if batching else leader
                    place = u - group_id(u, share) * tasks
                    if place >= own:
                        size += added[group_id(u, share), place - own]
            service = service_time(size, speed[w])
            unslowed = service
            if slowing:
                service = service * interference[device[w], on_device[device[w]] - 1]
            if slow:
                service, is_past = slowed(
                    service,
                    w,
                    now,
                    begun_by[w],
                    combine,
                    track,
                    stepped,
                    track_first,
                    track_at,
                    track_value,
                    period,
                    origin,
                )
                past += is_past
                begun_by[w] += 1
            for k in range(joint):
                t = leader
                if batching:
                    t = batch[k]
                    lead[t] = leader
                if vacant:
                    replace_first(finish_time, finish_task, finishes, now + service, t)
                    vacant = False
                else:
                    finishes = push(finish_time, finish_task, finishes, now + service, t)
                if recording:
                    log_started[t], log_service[t], log_unslowed[t] = now, service, unslowed
                    log_batch[t] = joint
            if waiting and shared:
                q = 0  # a start may have dropped the first of the queue that was looked at before
            if batching:
                serving[leader], in_batch[leader], counted[leader] = joint, joint, of_measured
        if vacant:
            finishes = drop_first(finish_time, finish_task, finishes)
            vacant = False

    return COMPLETE, measured, past
