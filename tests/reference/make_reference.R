# Makes the reference numbers of tests/stats from R packages that compute them independently.
#   Rscript make_reference.R FOLDER      (Debian: r-base-core, r-cran-proc, r-cran-brglm2)
# The tests read the CSV files and need no R.
suppressMessages({library(pROC); library(brglm2)})
out <- commandArgs(trailingOnly = TRUE)[1]
number <- function(x) ifelse(is.finite(x), trimws(formatC(x, digits = 15, format = "g")), "")
save <- function(frame, name) write.csv(frame, file.path(out, name), row.names = FALSE, quote = FALSE)

data(aSAH)
save(data.frame(outcome = as.integer(aSAH$outcome == "Poor"), wfns = as.integer(aSAH$wfns),
                s100b = aSAH$s100b, ndka = aSAH$ndka), "asah.csv")

# Two hundred small data sets, 25 of each kind: continuous, rounded (ties), few levels, tiny classes,
# complete separation, and a few positives against many negatives.
set.seed(20241124)
cases <- list()
kinds <- c("continuous", "rounded", "levels", "tiny", "tiny levels", "separated", "imbalanced", "imbalanced levels")
kind_of <- rep(kinds, length.out = 200)
for (set in seq_along(kind_of)) {
  kind <- kind_of[set]
  sizes <- if (startsWith(kind, "tiny")) sample(2:4, 2, TRUE)
           else if (startsWith(kind, "imbalanced")) c(sample(2:6, 1), sample(60:100, 1))
           else sample(6:30, 2, TRUE)
  y <- sample(rep(1:0, sizes))
  shared <- rnorm(length(y))
  a <- y * runif(1, -0.5, 2) + shared + rnorm(length(y))
  b <- y * runif(1, -0.5, 2) + shared + rnorm(length(y))
  if (kind == "rounded") { a <- round(a, 1); b <- round(b, 1) }
  if (endsWith(kind, "levels")) { a <- round(a); b <- round(b) }
  if (kind == "separated") a <- a + 100 * y
  cases[[set]] <- data.frame(set = set, y = y, a = round(a, 4), b = round(b, 4))
}
save(do.call(rbind, cases), "proc_cases.csv")

curve <- function(y, score) roc(y, score, levels = c(0, 1), direction = "<", quiet = TRUE)
rows <- lapply(seq_along(cases), function(set) {
  d <- cases[[set]]; other <- cases[[set %% length(cases) + 1]]
  a <- curve(d$y, d$a); b <- curve(d$y, d$b); o <- curve(other$y, other$b)
  paired <- suppressWarnings(roc.test(a, b, method = "delong", paired = TRUE))
  unpaired <- suppressWarnings(roc.test(a, o, method = "delong", paired = FALSE))
  ci <- suppressWarnings(ci.auc(b, method = "delong"))
  data.frame(set = set, kind = kind_of[set], auc_a = number(a$auc), auc_b = number(b$auc),
             variance_a = number(var(a, method = "delong")), variance_b = number(var(b, method = "delong")),
             covariance = number(cov(a, b, method = "delong")), z = number(paired$statistic),
             p = number(paired$p.value), wald_low = number(ci[1]), wald_high = number(ci[3]),
             other_t = number(unpaired$statistic), other_df = number(unpaired$parameter),
             other_p = number(unpaired$p.value))
})
save(do.call(rbind, rows), "proc_results.csv")

# Firth's logistic regression on separated data: brglm2's mean bias reduction is Firth's for the logit.
set.seed(7)
d <- data.frame(y = rep(0:1, c(14, 11)), x = round(rnorm(25, 50, 8), 2))
d$flag <- as.integer(d$y == 1 & runif(25) < 0.5)
d$noise <- round(rnorm(25), 3)
fit <- glm(y ~ x + flag + noise, family = binomial, data = d, method = "brglmFit", type = "AS_mean",
           epsilon = 1e-12, maxit = 500)
save(d, "firth_cases.csv")
save(data.frame(term = names(coef(fit))[-1], coefficient = number(coef(fit)[-1])), "firth_results.csv")
