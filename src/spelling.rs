//! Which name somebody probably meant.

/// How many letters must be changed, added, dropped or exchanged with their neighbour to get from one word to the other.
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    for (j, cell) in rows[0].iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]) as usize;
            rows[i][j] = changed.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                rows[i][j] = rows[i][j].min(rows[i - 2][j - 2] + 1);
            }
        }
    }
    rows[a.len()][b.len()]
}

/// The known names nearest to a misspelt one, best first: at most three, and none that is too far off.
pub fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let length = wrong.chars().count();
    if !(2..=40).contains(&length) {
        return Vec::new();
    }
    let farthest = if length <= 4 { 1 } else { 2 };
    let mut near: Vec<(usize, &str)> = known
        .filter(|name| name.chars().count().abs_diff(length) <= farthest)
        .map(|name| (distance(wrong, name), name))
        .filter(|(d, _)| *d <= farthest && *d > 0)
        .collect();
    near.sort_unstable();
    near.truncate(3);
    near.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_found() {
        let known = ["vector-ref", "vector-set!", "car", "cdr", "display"];
        assert_eq!(nearest("vector-rfe", known.into_iter()), ["vector-ref"]);
        assert_eq!(nearest("dispaly", known.into_iter()), ["display"]);
        assert!(nearest("frobnicate", known.into_iter()).is_empty());
    }
}
